/*
 * ssh_pattern: the wildcards of ssh_config(5), PATTERNS.
 */
#ifndef SSH_PATTERN_H
#define SSH_PATTERN_H

#include "helper/base/slice.h"

#include <stdbool.h>

/*
 * Does pattern match the whole of text? '*' is any number of bytes, '?' one
 * byte, anything else itself, upper and lower case told apart. Takes at most
 * text.len * pattern.len steps.
 */
bool ssh_pattern_match(struct slice pattern, struct slice text);

/*
 * The same for a list with commas, compared without case: one of them matches
 * and none that begins with '!' does.
 */
bool ssh_pattern_list(struct slice list, struct slice text);

#endif
