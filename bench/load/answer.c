#include "answer.h"

#include <stdlib.h>
#include <string.h>

static char spare[262144];

void answer_begin(answer *a) {
    a->size = 0;
    a->in_body = 0;
}

char *answer_room(answer *a, size_t *room) {
    *room = a->in_body ? sizeof spare : sizeof a->head - 1 - a->size;
    return a->in_body ? spare : a->head + a->size;
}

static int add_body(answer *a, const char *data, size_t size) {
    if (!a->chunked) {
        a->left -= (long long) size;
        return a->left <= 0;
    }
    for (size_t i = size > 5 ? size - 5 : 0; i < size; i++) {
        memmove(a->tail, a->tail + 1, 4);
        a->tail[4] = data[i];
    }
    return memcmp(a->tail, "0\r\n\r\n", 5) == 0;
}

int answer_add(answer *a, size_t size) {
    if (a->in_body) {
        return add_body(a, spare, size);
    }
    a->size += size;
    a->head[a->size] = 0;
    char *end = strstr(a->head, "\r\n\r\n");
    if (end == NULL) {
        return 0;
    }
    size_t head = (size_t) (end - a->head) + 4;
    end[2] = 0;
    char *length = strcasestr(a->head, "\r\ncontent-length:");
    a->chunked = strcasestr(a->head, "\r\ntransfer-encoding: chunked") != NULL;
    a->left = length ? atoll(length + 17) : 0;
    a->ok = strncmp(a->head + 9, "200", 3) == 0;
    a->in_body = 1;
    memset(a->tail, 0, 5);
    return add_body(a, a->head + head, a->size - head);
}
