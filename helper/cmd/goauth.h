/*
 * goauth: Go's own credential command (`go help goauth`, Go 1.24).
 *
 *	GOAUTH='conda-go goauth' go get …
 *
 * Called without a URL before go's first request, it prints a header for each
 * whole host of the policy that a source has a credential for. Called with
 * the URL of a request that failed, it prints one for that very URL, so that
 * two accounts on one host work. Only https, only Authorization. What go
 * cannot read it ignores without a word, so the output is whole or empty.
 */
#ifndef GOAUTH_H
#define GOAUTH_H

#include "helper/base/error.h"

int goauth_run(int argc, char **argv, struct error *err);

#endif
