/* Reads an HTTP/1.1 answer that comes in pieces; its body is thrown away. */
#ifndef ANSWER_H
#define ANSWER_H

#include <stddef.h>

typedef struct {
    char head[16384];
    size_t size;
    int in_body, chunked, ok;
    long long left;
    char tail[5];
} answer;

void answer_begin(answer *a);

/* Where the next piece may be put, and how long it may be. */
char *answer_room(answer *a, size_t *room);

/* Takes a piece that was put there; returns whether the answer is complete, ok says whether its status is 200. */
int answer_add(answer *a, size_t size);

#endif
