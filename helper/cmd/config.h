/*
 * config: `conda-go config`, the merged policy and who says what.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "helper/base/error.h"

/*
 * conda-go config [--json] [URL | host[:port][/path]]
 *
 * Without a target, print every line of the policy files: as a policy file
 * would say it, each with its FILE:LINE, what is not in force behind a ';'.
 * With one, print what holds for it: the rail, the sources in order, and each
 * value with who says it and why. Returns -1 with ERROR_USAGE or whatever the
 * policy's reader says.
 */
int config_run(int argc, char **argv, struct error *err);

#endif
