/*
 * configured: what `configure` did, written down so that it can be undone.
 *
 * $XDG_STATE_HOME/conda-go/configured holds one record (record.h) a value:
 * scope (git's option), place (the repository's git dir for --local, else
 * empty), value, and created: the file that did not exist before, if so.
 */
#ifndef CONFIGURED_H
#define CONFIGURED_H

#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdbool.h>

struct configured {
	struct slice scope, place, value, created;
};

/* Append one to the file, which is made 0600 if it does not exist. */
int configured_add(const struct configured *c, struct error *err);

/*
 * Call each for every one written down, oldest first, and keep in the file
 * those for which it returns 1; 0 drops it, -1 (with err set) keeps it and
 * all that follow, and ends. A missing file has none.
 */
int configured_each(
	int (*each)(const struct configured *c, void *arg, struct error *err),
	void *arg, struct error *err);

#endif
