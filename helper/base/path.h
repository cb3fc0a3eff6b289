/*
 * path: where things are kept, for a person with or without a home.
 *
 * Every function appends one absolute path to an empty or reset buf. A value
 * of HOME or XDG_* that is empty or not absolute counts as unset, as the XDG
 * Base Directory Specification asks.
 */
#ifndef PATH_H
#define PATH_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"

/* No path in this program is longer (PATH_MAX of limits.h). */
#define PATH_LIMIT 4096

/*
 * $HOME, else the home of the passwd entry (getpwuid_r(3)). Returns -1 with
 * ERROR_UNAVAILABLE where there is neither.
 */
int path_home(struct buf *out, struct error *err);

/* $XDG_CONFIG_HOME/conda-go/NAME, by default in ~/.config. */
int path_config(struct buf *out, const char *name, struct error *err);

/* $XDG_STATE_HOME/conda-go/NAME, by default in ~/.local/state. */
int path_state(struct buf *out, const char *name, struct error *err);

/*
 * $CONDA_PREFIX/etc/conda-go/NAME. Returns -1 with ERROR_UNAVAILABLE where
 * no environment is active; conda leaves the variable set and empty then.
 */
int path_env(struct buf *out, const char *name, struct error *err);

/*
 * A path as a person writes it in a file of ours: "~/x" is in the home,
 * anything else must be absolute. Returns -1 with ERROR_INPUT otherwise.
 */
int path_expand(struct buf *out, struct slice written, struct error *err);

/*
 * The path as a person would write it: the home becomes "~". Never fails:
 * where it cannot be shortened, path itself is appended as far as it fits.
 */
void path_shorten(struct buf *out, const char *path);

/*
 * Append path as a POSIX shell reads it back: in single quotes where it holds
 * anything but letters, digits and /._-~+@:, or is empty. A "~/" at its front
 * stays bare, to mean the home; another ~ there is quoted. Never fails, as
 * above: what is cut has no last quote, so a shell asks for more.
 */
void path_quote(struct buf *out, const char *path);

/*
 * Make the folder that holds path, and those above it, each 0700 where it is
 * made; one that exists is left as it is.
 */
int path_make_parent(const char *path, struct error *err);

#endif
