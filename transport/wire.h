/*
 * wire: the bytes between libssh2 and one socket, in buffers of our own.
 *
 * libssh2 is driven through its send and receive callbacks: sending appends
 * here and never blocks, receiving takes what has come. So a packet is never
 * half sent inside libssh2 (which breaks when channels push at once, and
 * deadlocks on a rekey), and every wait is ours, with a deadline.
 */
#ifndef WIRE_H
#define WIRE_H

#include "helper/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define WIRE_IN_MAX (64 << 10) /* bytes; more makes nothing faster */
#define WIRE_OUT_MAX (1 << 20)
/* Where that much waits to be sent, who has more to send shall wait too. */
#define WIRE_OUT_ENOUGH (256 << 10)

struct wire {
	int sock; /* the caller's; non-blocking */
	bool eof; /* the server closed its side */
	int error; /* errno of what ended it, 0: nothing did */
	bool quickack; /* acknowledge at once: nobody else has a word to say */
	int64_t heard; /* deadline_now() of the last byte that came */
	uint64_t received; /* bytes */
	size_t in_at, in_len;
	size_t out_at, out_len;
	char in[WIRE_IN_MAX];
	char out[WIRE_OUT_MAX];
};

/* An empty wire over sock, which a connection attempt may still be on. */
void wire_init(struct wire *w, int sock);

/*
 * libssh2's LIBSSH2_CALLBACK_RECV and _SEND, where *abstract is a struct
 * wire. Receiving never says EOF, for libssh2 then forgets what it has: who
 * drives it asks wire_ended.
 */
ssize_t wire_recv_cb(
	int sock, void *buffer, size_t length, int flags, void **abstract);
ssize_t wire_send_cb(int sock, const void *buffer, size_t length, int flags,
	void **abstract);

/* Has all been taken that will ever come? */
bool wire_ended(const struct wire *w);

/* poll(2)'s events that would move bytes now. */
short wire_events(const struct wire *w);

/* Receive and send what can be moved without waiting; has anything moved? */
bool wire_move(struct wire *w);

/*
 * Move bytes, waiting until some have moved or the deadline is there. Returns
 * 0, or -1 with ERROR_TIMEOUT, or ERROR_UNAVAILABLE where wire_ended; the
 * texts are the end of a sentence whose subject is the server.
 */
int wire_wait(struct wire *w, int64_t deadline, struct error *err);

/* ERROR_UNAVAILABLE with the words for how it ended, as above. */
int wire_explain(const struct wire *w, struct error *err);

#endif
