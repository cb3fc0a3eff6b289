/*
 * deadline: a point in time that a wait may not pass.
 *
 * Times are milliseconds of CLOCK_MONOTONIC: setting the clock changes no wait,
 * and a laptop that sleeps stops it, so that waking up ends none at once.
 */
#ifndef DEADLINE_H
#define DEADLINE_H

#include "helper/base/slice.h"

#include <stdint.h>

/* Now, in ms. */
int64_t deadline_now(void);

/* Now, in microseconds, to say how long something took. */
int64_t deadline_micros(void);

/* The deadline that lies ms from now. */
int64_t deadline_in(int ms);

/* ms left, 0 when it has passed; fits poll(2)'s timeout. */
int deadline_left(int64_t deadline);

/*
 * poll(2) one fd for events until the deadline, through EINTR. Returns its
 * revents, 0 when the deadline passed, -1 with errno set.
 */
int deadline_poll(int fd, short events, int64_t deadline);

/*
 * write(2) all of the bytes until the deadline, whether or not fd blocks.
 * Returns 0, or -1 with errno set, to ETIMEDOUT when the deadline passed; how
 * much was written by then is not told.
 */
int deadline_write(int fd, struct slice bytes, int64_t deadline);

#endif
