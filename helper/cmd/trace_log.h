/*
 * trace_log: `conda-go trace`, the log of traces that had no terminal.
 */
#ifndef TRACE_LOG_H
#define TRACE_LOG_H

#include "helper/base/error.h"

/* Print the log, the older half first; with --path its path alone. */
int trace_log_run(int argc, char **argv, struct error *err);

#endif
