"""Just enough HTTP to ask whether somebody is there."""

import socket
import time


def free_ports(count):
    """Ports nobody listens on now; all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def get(port, path, key=None, timeout=5):
    """Status and body of one GET on a connection of its own."""
    authorization = f"Authorization: Bearer {key}\r\n" if key else ""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.settimeout(timeout)
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: bench.test\r\nConnection: close\r\n{authorization}\r\n".encode())
        answer = b""
        while True:
            piece = connection.recv(65_536)
            if not piece:
                break
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode(errors="replace")


def await_200(child, port, path, key, limit=120):
    """Waits until a process answers 200; returns when it did, on the monotonic clock."""
    end = time.monotonic() + limit
    last = "nobody listens"
    while time.monotonic() < end:
        child.check()
        try:
            status, body = get(port, path, key)
            if status == 200:
                return time.monotonic()
            last = f"{status} {body[:300]}"
        except (OSError, IndexError, ValueError) as failure:
            last = str(failure)
        time.sleep(0.002)
    raise SystemExit(f"{child.name} does not answer 200 within {limit} s: {last}\n{child.said()}")
