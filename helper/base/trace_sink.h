/*
 * trace_sink: the place a trace goes to.
 *
 * Go captures the stderr of what it starts, drops it on success, and parses
 * it for GOAUTH=git. So under `go` the terminal is the outermost go's stderr:
 * first by pidfd_getfd(2), which shares go's own open file; where that is
 * refused (Yama, some containers), by opening /proc/PID/fd/2 if that is a
 * terminal, a pipe, or a file that go has open for appending (opened anew, a
 * plain file would be overwritten); else our own log, which `conda-go trace`
 * shows.
 */
#ifndef TRACE_SINK_H
#define TRACE_SINK_H

#include "helper/base/buf.h"
#include "helper/base/error.h"

#include <stddef.h>

/* The log's size before it becomes the one old log. */
#define TRACE_SINK_LOG_MAX (4 << 20)

/*
 * Open what a value of GOCONDA_TRACE or GOCONDA_TRACE_EVENT names. Returns
 * an fd (CLOEXEC, except 2 to 9, which are the caller's own), -1 where the
 * value means off, and -1 with the error set where it cannot be opened. An fd
 * counts as open only if it was inherited: one of our own (CLOEXEC, all of
 * them) that took its number is somebody's socket or file.
 */
int trace_sink_open(const char *value, struct error *err);

/* Write one line, waiting at most a second; what does not fit is dropped. */
void trace_sink_write(int fd, const char *line, size_t n);

/* The path of our own log: $XDG_STATE_HOME/conda-go/trace.log. */
int trace_sink_log_path(struct buf *out, struct error *err);

#endif
