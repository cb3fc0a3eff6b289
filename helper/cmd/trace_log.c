#include "helper/cmd/trace_log.h"

#include "helper/base/buf.h"
#include "helper/base/path.h"
#include "helper/base/trace.h"
#include "helper/base/trace_sink.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Returns 1 if there is such a file. */
static int trace_log_print(const char *path, struct error *err)
{
	FILE *f = fopen(path, "re");
	char part[4096];
	size_t n;

	if (!f && errno == ENOENT)
		return 0;
	if (!f)
		return error_errno(err, ERROR_UNAVAILABLE, "%s", path);
	do {
		n = fread(part, 1, sizeof(part), f);
		fwrite(part, 1, n, stdout);
	} while (n == sizeof(part));
	fclose(f);
	return 1;
}

int trace_log_run(int argc, char **argv, struct error *err)
{
	struct buf path, old;
	int got = -1, older, newer;

	buf_init(&path, PATH_LIMIT);
	buf_init(&old, PATH_LIMIT);
	if (argc > 2 || (argc == 2 && strcmp(argv[1], "--path") != 0)) {
		error_set(err, ERROR_USAGE, "usage: conda-go trace [--path]");
		goto out;
	}
	if (trace_sink_log_path(&path, err) < 0 ||
		buf_addf(&old, err, "%s.old", path.ptr) < 0)
		goto out;
	got = 0;
	if (argc == 2) {
		puts(path.ptr);
		goto out;
	}
	older = trace_log_print(old.ptr, err);
	newer = older < 0 ? -1 : trace_log_print(path.ptr, err);
	got = newer < 0 ? -1 : 0;
	if (older + newer == 0)
		trace_tell("no trace was kept; it is where GOCONDA_TRACE=1 "
			   "cannot reach the terminal");
out:
	buf_release(&old);
	buf_release(&path);
	return got;
}
