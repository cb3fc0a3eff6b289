/*
 * policy_error: an error that says which line of which file it is about.
 */
#ifndef POLICY_ERROR_H
#define POLICY_ERROR_H

#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stddef.h>

/*
 * Set err to ERROR_POLICY and "FILE:LINE: message"; return -1. The file is
 * written as a person would, and its beginning is left out where it is so
 * long that the message would not fit.
 */
int policy_error_at(struct error *err, const char *file, int line,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same with what came from below; running out of memory stays that. */
int policy_error_wrap(struct error *err, const char *file, int line,
	const struct error *below);

/*
 * What to quote of a value from a file: itself, or a description where it
 * holds control characters or is long. Writes at most n bytes to out and
 * returns out.
 */
const char *policy_error_quote(char *out, size_t n, struct slice value);

/*
 * A hint for a word that is not one of words (NULL ends): "did you mean
 * 'x'?" where one is near (Damerau-Levenshtein, 2 at most), else "use a, b
 * or c". Writes at most n bytes to out and returns out.
 */
const char *policy_error_suggest(
	char *out, size_t n, struct slice word, const char *const *words);

#endif
