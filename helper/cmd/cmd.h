/*
 * cmd: one row a command; main.c has the table.
 */
#ifndef CMD_H
#define CMD_H

#include "helper/base/error.h"

struct cmd {
	const char *name;
	const char *argv0; /* the link that means this command, or NULL */
	/*
	 * Run it: argv[0] is the command's name, stdout belongs to its output.
	 * Returns the exit status, or -1 with the error set, which main.c
	 * prints.
	 */
	int (*run)(int argc, char **argv, struct error *err);
	int failed; /* the exit status for an error, 0: by the error's kind */
	const char *synopsis; /* the words behind the name */
	const char *summary;
};

#endif
