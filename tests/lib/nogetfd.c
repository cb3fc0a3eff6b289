/*
 * nogetfd: run a command where the kernel refuses pidfd_getfd(2).
 *
 *	nogetfd [-p] command [argument…]
 *
 *	-p  pidfd_open(2) is refused as well
 *
 * As Yama or a container's seccomp profile does: with EPERM.
 */
#include <err.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NOGETFD_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NOGETFD_ARCH AUDIT_ARCH_AARCH64
#else
#error "no seccomp architecture is known for this machine"
#endif

static void nogetfd_refuse(unsigned second)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NOGETFD_ARCH, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_getfd, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, second, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	struct sock_fprog program = {
		.len = sizeof(rules) / sizeof(rules[0]),
		.filter = rules,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0)
		err(125, "seccomp");
}

int main(int argc, char **argv)
{
	int option, second = SYS_pidfd_getfd;

	while ((option = getopt(argc, argv, "+p")) != -1) {
		if (option != 'p')
			return 125;
		second = SYS_pidfd_open;
	}
	if (optind >= argc)
		errx(125, "no command");
	nogetfd_refuse((unsigned)second);
	execvp(argv[optind], argv + optind);
	err(125, "%s", argv[optind]);
}
