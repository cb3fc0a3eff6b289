/*
 * ssh_config_word: a line of ssh_config(5), taken apart as OpenSSH does it.
 */
#ifndef SSH_CONFIG_WORD_H
#define SSH_CONFIG_WORD_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdbool.h>

/* No keyword is longer; with more, one is not looked for. */
#define SSH_CONFIG_WORD_KEYWORD_MAX 64

/*
 * Take the keyword off the front of a line without its LF, case as it is
 * written; what is left in *line are its arguments, without blanks around
 * them (a CR is a blank, as in files from Windows). One '=' may stand between.
 * Returns 1, 0 for a line that is blank or a comment, or -1 with ERROR_INPUT:
 * no argument, a keyword that is too long, or a quote or NUL that is out of
 * place. The arguments are good for ssh_config_word_next: that cannot fail
 * but for memory.
 */
int ssh_config_word_keyword(
	struct slice *line, struct buf *keyword, struct error *err);

/*
 * Take the next argument off *rest into word (which is reset), its quotes and
 * escapes undone. Returns 1, 0 where there is none (a word that begins with
 * '#' ends the line), -1 with ERROR_INPUT (a quote without its end) or
 * ERROR_MEMORY (longer than word's maximum).
 */
int ssh_config_word_next(
	struct slice *rest, struct buf *word, struct error *err);

#endif
