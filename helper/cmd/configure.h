/*
 * configure: make git use the helper, outside conda; and undo it.
 *
 * What was done is written down in $XDG_STATE_HOME/conda-go/configured, one
 * record a value, so that unconfigure undoes that and nothing else: a value
 * that stood there before stays, and so does every other helper.
 */
#ifndef CONFIGURE_H
#define CONFIGURE_H

#include "helper/base/error.h"

/*
 * `configure [--global|--system|--local]`: add us to credential.helper of
 * that scope of git's configuration (git-config(1)) unless we are there, and
 * print, as shell, what to export for go. Twice is as once.
 */
int configure_run(int argc, char **argv, struct error *err);

/* `unconfigure [--global|--system|--local]`. */
int configure_undo(int argc, char **argv, struct error *err);

#endif
