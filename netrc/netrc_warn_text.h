/*
 * netrc_warn_text: the names and texts of the warnings in netrc_warn.h.
 */
#ifndef NETRC_WARN_TEXT_H
#define NETRC_WARN_TEXT_H

#include "netrc/netrc_warn.h"

/* What is constant of a kind below NETRC_WARN_NKINDS; the line is 0. */
struct netrc_warn netrc_warn_text(enum netrc_warn_kind kind);

#endif
