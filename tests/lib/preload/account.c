/*
 * account: LD_PRELOAD for an SSH server of the tests.
 *
 * Whoever starts the server logs in to it, as ACCOUNT_NAME, with the home
 * ACCOUNT_HOME and /bin/sh: nobody's start-up files run, a locked account is
 * none, and no passwd entry is needed. Run by root, sshd also wants a user of
 * its own and an empty folder for its half without privileges: here that is
 * the kernel's overflow user, and ACCOUNT_EMPTY.
 */
#include <fcntl.h>
#include <pwd.h>
#include <shadow.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OVERFLOW_ID 65534
#define SSHD_FOLDER "/run/sshd"

static char shell[] = "/bin/sh";
static uid_t account_uid;
static gid_t account_gid;
static bool shell_told;

/* Before the server gives up any of its privileges. */
__attribute__((constructor)) static void account_start(void)
{
	account_uid = getuid();
	account_gid = getgid();
}

static char *account_variable(const char *name)
{
	char *value = getenv(name);

	return value ? value : (char *)"/nonexistent";
}

struct passwd *getpwnam(const char *name)
{
	static struct passwd pw;
	static char none[] = "*";

	pw = (struct passwd){ .pw_name = (char *)name,
		.pw_passwd = none,
		.pw_uid = OVERFLOW_ID,
		.pw_gid = OVERFLOW_ID,
		.pw_gecos = none,
		.pw_dir = (char *)"/",
		.pw_shell = shell };
	if (!strcmp(name, "sshd"))
		return &pw;
	if (strcmp(name, account_variable("ACCOUNT_NAME")) != 0)
		return NULL;
	pw.pw_uid = account_uid;
	pw.pw_gid = account_gid;
	pw.pw_dir = account_variable("ACCOUNT_HOME");
	return &pw;
}

struct passwd *getpwuid(uid_t uid)
{
	return uid == account_uid ? getpwnam(account_variable("ACCOUNT_NAME"))
				  : NULL;
}

struct spwd *getspnam(const char *name)
{
	(void)name;
	return NULL;
}

/* The shells that Dropbear lets in. */
void setusershell(void)
{
	shell_told = false;
}

char *getusershell(void)
{
	char *next = shell_told ? NULL : shell;

	shell_told = true;
	return next;
}

static const char *account_folder(const char *path)
{
	return strcmp(path, SSHD_FOLDER) == 0
		       ? account_variable("ACCOUNT_EMPTY")
		       : path;
}

int stat(const char *path, struct stat *st)
{
	return fstatat(AT_FDCWD, account_folder(path), st, 0);
}

int chroot(const char *path)
{
	return (int)syscall(SYS_chroot, account_folder(path));
}
