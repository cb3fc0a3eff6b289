/*
 * error: what went wrong, for the caller to decide on and main.c to print.
 *
 * Functions return 0, or -1 with the error set; on success the error is
 * untouched, so that calls chain. No function but main.c prints.
 */
#ifndef ERROR_H
#define ERROR_H

/* What kind of failure; main.c maps each to an exit status. */
enum error_kind {
	ERROR_NONE,
	ERROR_USAGE, /* the command line is not one we know */
	ERROR_INPUT, /* bytes from outside are malformed */
	ERROR_POLICY, /* a policy file is wrong, or forbids it */
	ERROR_DENIED, /* refused: permissions, owner, a person said no */
	ERROR_UNAVAILABLE, /* a file, a program, a library is not there */
	ERROR_TIMEOUT, /* a deadline passed */
	ERROR_MEMORY, /* out of memory, or over a buffer's maximum */
	ERROR_SYSTEM, /* a system call failed */
};

struct error {
	enum error_kind kind;
	/*
	 * One line, no LF, NUL-terminated; never a secret. "" where a person
	 * was told already, in more lines than one.
	 */
	char text[256];
};

#define ERROR_INIT                                                             \
	{                                                                      \
		ERROR_NONE, ""                                                 \
	}

/*
 * Set err (which may be NULL: then nothing is kept) and return -1. Longer
 * texts are cut to fit; control characters become '?', since names from
 * outside are quoted in messages.
 */
int error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* error_set with ": " and the text of errno behind the message. */
int error_errno(struct error *err, enum error_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
