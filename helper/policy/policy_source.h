/*
 * policy_source: the names of the sources a credential can come from.
 *
 * Names only, so that the policy's reader and the sources themselves share
 * one table. A later source adds its name here, at its place in the order.
 */
#ifndef POLICY_SOURCE_H
#define POLICY_SOURCE_H

#include "helper/base/slice.h"

#include <stddef.h>

/* There are never more names than this. */
#define POLICY_SOURCE_MAX 16

/* The word that stands for an empty list. */
#define POLICY_SOURCE_NONE "none"

/* In the order they are asked unless a policy says otherwise; NULL ends. */
extern const char *const policy_source_names[];

/* All of them in that order, as a policy would write it. */
extern const char policy_source_order[];

/* The table's own string for a name; NULL where it has none. */
const char *policy_source_find(struct slice name);

/*
 * The next name of a list whose parts stand between blanks or commas; takes
 * it off *list. An absent slice at the end.
 */
struct slice policy_source_next(struct slice *list);

#endif
