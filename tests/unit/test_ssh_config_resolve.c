#include "transport/ssh_config_resolve.h"

#include "tests/unit/unit.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define WORDS 8

static char root[128], home[160], etc[160], tmp[160];
static char *const variables[] = { (char *)"SSH_AUTH_SOCK=/run/agent",
	(char *)"DIR=/dir", (char *)"EMPTY=", (char *)"REL=rel/sock", NULL };
static struct ssh_config_env env = { .home = home,
	.cwd = "/cwd",
	.etc = etc,
	.tmp = tmp,
	.login = "login",
	.machine = "m.example",
	.environ = variables,
	.uid = 7 };

static void put(const char *folder, const char *name, const char *text)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text ? text : "", f);
	fclose(f);
}

static int setup(void **state)
{
	char path[512];

	(void)state;
	unit_mkdir(root);
	snprintf(home, sizeof(home), "%s/home", root);
	snprintf(etc, sizeof(etc), "%s/etc", root);
	snprintf(tmp, sizeof(tmp), "%s/tmp", root);
	assert_int_equal(
		mkdir(home, 0700) | mkdir(etc, 0700) | mkdir(tmp, 0700), 0);
	snprintf(path, sizeof(path), "%s/.ssh", home);
	assert_int_equal(mkdir(path, 0700), 0);
	return setenv("HOME", home, 1);
}

static int teardown(void **state)
{
	(void)state;
	unit_rmdir(root);
	return chdir("/");
}

/* What resolving came to, with the test's own folder taken out of it. */
struct got {
	int rc;
	struct error err;
	struct ssh_settings s;
	char why[1024], print[8192];
};

static void without_root(char *text)
{
	size_t n = strlen(root);

	for (char *p = strstr(text, root); p; p = strstr(p, root))
		memmove(p, p + n, strlen(p + n) + 1);
}

static void resolve(struct got *g, const char *const *words,
	const struct ssh_config_preset *presets)
{
	char *argv[WORDS + 2] = { (char *)"ssh" };
	struct ssh_argv a;
	struct buf why, print;
	int argc = 1;

	for (size_t i = 0; i < WORDS && words[i]; i++)
		argv[argc++] = (char *)words[i];
	memset(g, 0, sizeof(*g));
	ssh_settings_init(&g->s);
	buf_init(&why, SSH_CONFIG_REASON_MAX);
	buf_init(&print, sizeof(g->print) - 1);
	assert_int_equal(ssh_argv_parse(&a, argc, argv, &g->err), 0);
	g->rc = ssh_config_resolve(&a, &env, presets, &g->s, &why, &g->err);
	if (g->rc == 0)
		assert_int_equal(ssh_settings_print(&g->s, &print, NULL), 0);
	snprintf(g->why, sizeof(g->why), "%s", why.ptr);
	snprintf(g->print, sizeof(g->print), "%s", print.ptr);
	without_root(g->why);
	without_root(g->print);
	without_root(g->err.text);
	buf_release(&why);
	buf_release(&print);
	ssh_argv_release(&a);
}

static bool has_line(const char *text, const char *line)
{
	size_t n = strlen(line);

	for (const char *p = strstr(text, line); p; p = strstr(p + 1, line))
		if ((p == text || p[-1] == '\n') && p[n] == '\n')
			return true;
	return false;
}

struct row {
	const char *name;
	const char *user, *system; /* the two files */
	const char *words[WORDS]; /* NULL: "h", "ls" */
	const char *why; /* NULL: it is ours */
	const char *lines[6]; /* of the print */
};

static void check(const struct row *row)
{
	static const char *const usual[] = { "h", "ls", NULL };
	struct got g;

	put(home, ".ssh/config", row->user);
	put(etc, "ssh_config", row->system);
	resolve(&g, row->words[0] ? row->words : usual, NULL);
	if (g.rc != 0)
		fail_msg("row '%s': %s", row->name, g.err.text);
	if (strcmp(g.why, row->why ? row->why : "") != 0)
		fail_msg("row '%s': handed over: '%s'", row->name, g.why);
	for (size_t i = 0; i < COUNT(row->lines) && row->lines[i]; i++)
		if (!has_line(g.print, row->lines[i]))
			fail_msg("row '%s': no line '%s' in:\n%s", row->name,
				row->lines[i], g.print);
	ssh_settings_release(&g.s);
}

static const struct row resolved[] = {
	{ "nothing at all", NULL, NULL, { NULL }, NULL,
		{ "host h", "user login", "port 22",
			"stricthostkeychecking ask", "identityagent /run/agent",
			"identityfile /home/.ssh/id_rsa" } },
	{ "default files", NULL, NULL, { NULL }, NULL,
		{ "globalknownhostsfile /etc/ssh_known_hosts "
		  "/etc/ssh_known_hosts2",
			"userknownhostsfile /home/.ssh/known_hosts "
			"/home/.ssh/known_hosts2",
			"connecttimeout none" } },
	{ "the user's file first", "Port 1\n", "Port 2\nUser sys\n", { NULL },
		NULL, { "port 1", "user sys" } },
	{ "-F leaves both", "Port 1\n", "Port 2\n", { "-F", "none", "h", "ls" },
		NULL, { "port 22" } },
	{ "Debian's own file", NULL,
		"Host *\n SendEnv LANG LC_*\n HashKnownHosts yes\n"
		" GSSAPIAuthentication yes\n",
		{ NULL }, NULL,
		{ "sendenv LANG", "sendenv LC_*", "hashknownhosts yes" } },
	{ "tokens",
		"IdentityFile ~/%h/%n/%p/%r/%u/%i\n"
		"IdentityFile %d/%k/%l/%L/%%/%j${DIR}\n",
		NULL, { "-l", "me", "H", "ls" }, NULL,
		{ "identityfile /home/h/H/22/me/login/7",
			"identityfile /home/H/m.example/m/%//dir" } },
	{ "%C", "IdentityFile %C\n", NULL, { NULL }, NULL,
		/* printf 'm.exampleh22login' | sha1sum */
		{ "identityfile /cwd/"
		  "62db2008df847efc525ea4f31dbcba7127fa7b79" } },
	{ "relative paths",
		"IdentityFile k\nUserKnownHostsFile u\n"
		"GlobalKnownHostsFile g ~/x%y\nIdentityAgent a\n",
		NULL, { NULL }, NULL,
		{ "identityfile /cwd/k", "userknownhostsfile /cwd/u",
			"globalknownhostsfile /cwd/g /home/x%y",
			"identityagent /cwd/a" } },
	{ "agent by its variable", "IdentityAgent $DIR\n", NULL, { NULL }, NULL,
		{ "identityagent /dir" } },
	{ "and in braces", "IdentityAgent ${DIR}/x\n", NULL, { NULL }, NULL,
		{ "identityagent /dir/x" } },
	{ "and a relative one", "IdentityAgent $REL\n", NULL, { NULL }, NULL,
		{ "identityagent /cwd/rel/sock" } },
	{ "and the usual one", "IdentityAgent SSH_AUTH_SOCK\n", NULL, { NULL },
		NULL, { "identityagent /run/agent" } },
	{ "IdentityFile none", "IdentityFile none\n", NULL, { NULL }, NULL,
		{ "identityfile none" } },
	{ "none and one more", "IdentityFile none\nIdentityFile /k\n", NULL,
		{ NULL }, NULL, { "identityfile /k" } },
	{ "-i of a file that is there", NULL, NULL,
		{ "-i", "/etc/passwd", "h", "ls" }, NULL,
		{ "identityfile /etc/passwd" } },
	{ "-i in the home", NULL, NULL, { "-i", "~/.ssh", "h", "ls" }, NULL,
		{ "identityfile /home/.ssh" } },
	{ "-i of one that is not", NULL, NULL,
		{ "-i", "/dev/null/k", "h", "ls" }, NULL,
		{ "identityfile /home/.ssh/id_ecdsa" } },
	{ "included, relative", "Include sub/*\nPort 3\n", NULL, { NULL }, NULL,
		{ "port 2", "user insub" } },
	{ "included by the system", NULL, "Include inc\n", { NULL }, NULL,
		{ "user inetc" } },
	{ "included by -F", NULL, NULL,
		{ "-F", "/proc/self/cwd/given", "h", "ls" }, NULL,
		{ "user insub" } },
	{ "nothing to include", "Include none/*\n", NULL, { NULL }, NULL,
		{ "port 22" } },
	{ "SendEnv taken back",
		"SendEnv A Bx C By\nSendEnv -A -B*\nSendEnv D\n", NULL,
		{ NULL }, NULL,
		{ "sendenv C\nsendenv D\nconnecttimeout none" } },
	/* only what applies, and comes first, is a reason */
	{ "jump for another", "Host x\n ProxyJump j\nHost *\n", NULL, { NULL },
		NULL, { "host h" } },
	{ "none first", "ProxyJump none\nForwardAgent no\n",
		"ProxyJump j\nForwardAgent yes\n", { NULL }, NULL,
		{ "host h" } },
	{ "ProxyJump none, case", "ProxyJump NONE\n", NULL, { NULL }, NULL,
		{ "host h" } },
	{ "-a, -x and -T win",
		"ForwardAgent yes\nForwardX11 yes\n"
		"RequestTTY force\n",
		NULL, { "-axT", "h", "ls" }, NULL, { "host h" } },
	{ "over -o as well", NULL, NULL,
		{ "-oForwardAgent=yes", "-oAddressFamily=inet", "h", "-a", "-6",
			"ls" },
		NULL, { "addressfamily inet6" } },
	{ "what ssh -C does when off", "Compression no\n", NULL, { NULL }, NULL,
		{ "host h" } },
	{ "no ControlMaster at work",
		"ControlPath ~/.ssh/none-%C\n"
		"ControlMaster auto\nControlPersist 60\n",
		NULL, { NULL }, NULL, { "host h" } },
	{ "ControlPath none", "ControlPath none\nControlPath ~/master-h\n",
		NULL, { NULL }, NULL, { "host h" } },
	{ "an empty Match", "Match exec false\n LogLevel DEBUG\n", NULL,
		{ NULL }, NULL, { "host h" } },
	{ "a Match where it does not apply", "Host x\n Include match\n", NULL,
		{ NULL }, NULL, { "host h" } },
};

static void test_resolved(void **state)
{
	char given[600];

	(void)state;
	snprintf(given, sizeof(given), "%s/.ssh/sub", home);
	assert_int_equal(mkdir(given, 0700), 0);
	assert_int_equal(chdir(root), 0);
	put(home, ".ssh/sub/1", "Host nobody\n Port 1\nHost h\n Port 2\n");
	put(home, ".ssh/sub/2", "User insub\nHost nobody\n");
	put(home, ".ssh/match", "Match exec true\n Port 9\n");
	put(home, "master-h", "");
	put(etc, "inc", "User inetc\n");
	put(root, "given", "Include sub/2\n");
	for (size_t i = 0; i < COUNT(resolved); i++)
		check(&resolved[i]);
}

/* KEYWORD VALUE, for which the call is OpenSSH's. */
static const struct {
	const char *keyword, *value;
} foreign[] = { { "ProxyJump", "j" }, { "ProxyCommand", "nc %h %p" },
	{ "ProxyCommand", "none # not" }, { "CanonicalizeHostname", "yes" },
	{ "CanonicalizePermittedCNAMEs", "*:*" }, { "BindAddress", "::1" },
	{ "BindInterface", "lo" }, { "ConnectionAttempts", "2" },
	{ "RefuseConnection", "no" }, { "CheckHostIP", "yes" },
	{ "VerifyHostKeyDNS", "ask" }, { "KnownHostsCommand", "/bin/x" },
	{ "RevokedHostKeys", "/x" }, { "RevokedHostKeys", "none /x" },
	{ "NoHostAuthenticationForLocalhost", "yes" }, { "Ciphers", "+x" },
	{ "MACs", "x" }, { "KexAlgorithms", "x" }, { "HostKeyAlgorithms", "x" },
	{ "CASignatureAlgorithms", "x" }, { "PubkeyAcceptedAlgorithms", "x" },
	{ "RequiredRSASize", "4096" }, { "RekeyLimit", "1G 1h" },
	{ "Compression", "yes" }, { "PubkeyAuthentication", "no" },
	{ "PreferredAuthentications", "password" },
	{ "PreferredAuthentications", "password,publickey" },
	{ "CertificateFile", "~/.ssh/c" }, { "AddKeysToAgent", "yes" },
	{ "PKCS11Provider", "/x.so" }, { "SecurityKeyProvider", "/x.so" },
	{ "HostbasedAuthentication", "yes" }, { "RemoteCommand", "ls" },
	{ "PermitLocalCommand", "yes" }, { "SessionType", "none" },
	{ "RequestTTY", "yes" }, { "StdinNull", "yes" },
	{ "ForkAfterAuthentication", "yes" }, { "Tunnel", "yes" },
	{ "ForwardAgent", "yes" }, { "ForwardAgent", "$SOCK" },
	{ "ForwardX11", "true" }, { "LocalForward", "1 h:1" },
	{ "RemoteForward", "1 h:1" }, { "DynamicForward", "1" },
	{ "ChannelTimeout", "session=1m" }, { "VersionAddendum", "x" },
	{ "Port", "ssh" }, { "ConnectTimeout", "1.5" }, { "User", "%u" },
	{ "User", "${USER}" }, { "SetEnv", "A=%h" }, { "SetEnv", "A=${HOME}" },
	{ "Include", "/%h" }, { "Include", "~root/x" }, { "Include", "${X}" } };

static void test_foreign(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(foreign); i++) {
		char text[256], why[256], name[128];
		struct row row = { name, text, NULL, { NULL }, why,
			{ "host h" } };

		snprintf(name, sizeof(name), "%s %s", foreign[i].keyword,
			foreign[i].value);
		snprintf(text, sizeof(text), "\n%s\n", name);
		snprintf(why, sizeof(why), "%s at ~/.ssh/config:2",
			foreign[i].keyword);
		check(&row);
		row.system = "User second\n";
		check(&row);
		snprintf(text, sizeof(text), "Host not-h\n%s\n", name);
		row.why = NULL;
		check(&row);
		row.user = NULL;
		row.words[0] = "-o";
		row.words[1] = name;
		row.words[2] = "h";
		row.words[3] = "ls";
		row.why = why;
		snprintf(why, sizeof(why), "-o %s", foreign[i].keyword);
		/* refused there: no option, and not a user's name */
		if (strcmp(foreign[i].keyword, "Include") != 0 &&
			strcmp(foreign[i].value, "${USER}") != 0)
			check(&row);
	}
}

static const struct row handed[] = {
	{ "of a newer ssh", "\nNonsense x\n", NULL, { NULL },
		"the unknown Nonsense at ~/.ssh/config:2", { "host h" } },
	{ "of a newer ssh, for others", "Host x\n Nonsense x\n", NULL, { NULL },
		"the unknown Nonsense at ~/.ssh/config:2", { "host h" } },
	{ "of a newer ssh, with -o", NULL, NULL, { "-oFoo=1", "h", "ls" },
		"-o the unknown Foo", { "host h" } },
	{ "no command", NULL, NULL, { "h" }, "no command: a login shell",
		{ "host h" } },
	{ "-J", "ProxyJump x\n", NULL, { "-J", "j", "h", "ls" }, "-J",
		{ "host h" } },
	{ "an old name", "Host *\n pubkeyacceptedkeytypes x\n", NULL, { NULL },
		"PubkeyAcceptedAlgorithms at ~/.ssh/config:2", { "host h" } },
	{ "the system's file", NULL, "\n\nCiphers x\n", { NULL },
		"Ciphers at /etc/ssh_config:3", { "host h" } },
	{ "the first of them", "Ciphers x\nMACs x\n", "ProxyJump x\n", { NULL },
		"Ciphers at ~/.ssh/config:1", { "host h" } },
	{ "Match", "Match host h\n# x\n\n Port 3\n", NULL, { NULL },
		"Match at ~/.ssh/config:1", { "port 22" } },
	{ "Match before a Match", "Match host h\nMatch user x\n Port 3\n", NULL,
		{ NULL }, "Match at ~/.ssh/config:2", { "port 22" } },
	{ "Match of another user", "Match user nobody\n ProxyJump x\n", NULL,
		{ NULL }, "Match at ~/.ssh/config:1", { "host h" } },
	{ "Match of a second pass", "Match canonical Final\nHost *\n", NULL,
		{ NULL }, "Match at ~/.ssh/config:1", { "host h" } },
	{ "Match !all", "Match !all\n Port 3\n", NULL, { NULL },
		"Match at ~/.ssh/config:1", { "port 22" } },
	{ "Match all, then a jump", "Match all\n ProxyJump x\n", NULL, { NULL },
		"ProxyJump at ~/.ssh/config:2", { "host h" } },
	{ "Match in an include", "Include match2\n", NULL, { NULL },
		"Match at ~/.ssh/match2:1", { "host h" } },
	{ "two certificates", "CertificateFile none\nCertificateFile /c\n",
		NULL, { NULL }, "CertificateFile at ~/.ssh/config:2",
		{ "host h" } },
	{ "a token we do not know", "IdentityFile /%Z\n", NULL, { NULL },
		"IdentityFile /%Z: the token %Z", { "identityfile /%Z" } },
	{ "a token cut short", "UserKnownHostsFile /%\n", NULL, { NULL },
		"UserKnownHostsFile /%: the token %", { "host h" } },
	{ "no such variable", "IdentityFile /${NOT}\n", NULL, { NULL },
		"IdentityFile /${NOT}: ${NOT} is not set", { "host h" } },
	{ "an open one", "IdentityFile /${DIR\n", NULL, { NULL },
		"IdentityFile /${DIR: ${DIR has no }", { "host h" } },
	{ "another's home", "IdentityFile ~other/k\n", NULL, { NULL },
		"IdentityFile ~other/k: the home of another", { "host h" } },
	{ "HostName with too much", "HostName %n\n", NULL, { NULL },
		"HostName %n: the token %n", { "hostname %n" } },
	{ "a master at work", "ControlPath ~/s-%r@%h:%p\n", NULL, { NULL },
		"the user's ControlMaster at /home/s-login@h:22 is running",
		{ "host h" } },
	{ "-F of a folder", NULL, NULL, { "-F", "/", "h", "ls" },
		"/ is no regular file", { "host h" } },
};

static void test_handed(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	snprintf(at.sun_path, sizeof(at.sun_path), "%.80s/s-login@h:22", home);
	assert_int_equal(bind(sock, (struct sockaddr *)&at, sizeof(at)), 0);
	put(home, ".ssh/match2", "Match exec true\n Port 9\n");
	for (size_t i = 0; i < COUNT(handed); i++)
		check(&handed[i]);
	close(sock);
}

/* Tickets: by their variable, and by the usual file. */
static void test_tickets(void **state)
{
	static char *const with[] = { (char *)"KRB5CCNAME=x", NULL };
	static const char yes[] = "GSSAPIAuthentication yes\n";
	static const char why[] = "GSSAPIAuthentication at /etc/ssh_config:1, "
				  "and there may be a Kerberos ticket";
	struct row row = { "none", NULL, yes, { NULL }, NULL, { "host h" } };
	struct row off = { "off", "GSSAPIAuthentication no\n", yes, { NULL },
		NULL, { "host h" } };

	(void)state;
	check(&row);
	env.environ = with;
	row.why = why;
	check(&row);
	check(&off);
	env.environ = variables;
	row.why = NULL;
	check(&row);
	put(tmp, "krb5cc_8", "");
	check(&row);
	put(tmp, "krb5cc_7", "");
	row.why = why;
	check(&row);
	check(&off);
}

static void test_agent(void **state)
{
	static char *const without[] = { NULL };
	static const char *const rows[] = { "IdentityAgent none\n",
		"IdentityAgent $NOT\n", "IdentityAgent $EMPTY\n" };
	static const char *const words[] = { "h", "ls", NULL };
	struct got g;

	(void)state;
	put(etc, "ssh_config", "");
	for (size_t i = 0; i < COUNT(rows); i++) {
		put(home, ".ssh/config", rows[i]);
		resolve(&g, words, NULL);
		ROW(rows[i], g.rc == 0 && !g.s.identityagent && !g.why[0]);
		ssh_settings_release(&g.s);
	}
	put(home, ".ssh/config", "");
	env.environ = without;
	resolve(&g, words, NULL);
	assert_null(g.s.identityagent);
	ssh_settings_release(&g.s);
	env.environ = variables;
}

/* No home: nothing of a user's is read, and "~" is not guessed. */
static void test_homeless(void **state)
{
	struct row row = { "homeless", "Port 3\n", "Port 4\n", { NULL }, NULL,
		{ "port 4", "userknownhostsfile none" } };
	struct row tilde = { "tilde", NULL, "IdentityFile ~/k\n", { NULL },
		"IdentityFile ~/k: there is no home", { "host h" } };

	(void)state;
	env.home = NULL;
	check(&row);
	check(&tilde);
	env.home = home;
}

static void test_presets(void **state)
{
	static const struct ssh_config_preset policy[] = {
		{ "IdentityFile", "/a b\\\"#'", "the policy's" },
		{ "IdentitiesOnly", "yes", "the policy's" },
		{ "BatchMode", "yes", "go's" },
		{ NULL },
	};
	static const struct ssh_config_preset jump[] = {
		{ "ProxyJump", "x", "the policy's" },
		{ NULL },
	};
	static const struct ssh_config_preset bad[] = {
		{ "BatchMode", "perhaps", "go's" },
		{ NULL },
	};
	static const char *const words[] = { "-oBatchMode=no",
		"-oIdentitiesOnly=no", "-i", "/etc/passwd", "h", "ls", NULL };
	struct got g;

	(void)state;
	put(home, ".ssh/config", "");
	put(etc, "ssh_config", "");
	resolve(&g, words, policy);
	assert_true(g.s.batchmode && g.s.identitiesonly);
	assert_int_equal(g.s.identityfile.count, 2);
	assert_string_equal(g.s.identityfile.item[0], "/a b\\\"#'");
	assert_string_equal(g.why, "");
	ssh_settings_release(&g.s);
	resolve(&g, words, jump);
	assert_string_equal(g.why, "the policy's ProxyJump");
	ssh_settings_release(&g.s);
	resolve(&g, words, bad);
	assert_int_equal(g.rc, -1);
	assert_string_equal(g.err.text, "go's: BatchMode cannot be 'perhaps'");
	ssh_settings_release(&g.s);
}

static const struct {
	const char *user, *error;
} wrong[] = {
	{ "Host x\n\n Port 0\n", "~/.ssh/config:3: '0' is no port number" },
	{ "Host x\n Port 65536\n", "~/.ssh/config:2: '65536' is no port" },
	{ "Port\n", "~/.ssh/config:1: no argument behind the keyword Port" },
	{ "Port # 1\n", "~/.ssh/config:1: Port has no argument" },
	{ "Port 1 2\n", "~/.ssh/config:1: Port has more than one argument" },
	{ "User ''\n", "~/.ssh/config:1: User has an empty argument" },
	{ "User \"x\n", "~/.ssh/config:1: a quote without its end" },
	{ "User x'\n", "~/.ssh/config:1: a quote without its end" },
	{ "\"User x\n", "~/.ssh/config:1: a quote without its end" },
	{ "=x\n", "~/.ssh/config:1: no keyword in the line" },
	{ "IdentitiesOnly maybe\n", "~/.ssh/config:1: IdentitiesOnly cannot" },
	{ "AddressFamily 4\n", "~/.ssh/config:1: AddressFamily cannot be '4'" },
	{ "StrictHostKeyChecking x\n", "~/.ssh/config:1: StrictHostKeyChecki" },
	{ "ConnectTimeout 1x\n", "~/.ssh/config:1: '1x' is no time" },
	{ "ConnectTimeout 99999w\n", "~/.ssh/config:1: '99999w' is no time" },
	{ "IdentityFile a b\n", "~/.ssh/config:1: IdentityFile has more than" },
	{ "SendEnv A=1\n", "~/.ssh/config:1: SendEnv: 'A=1' is no name" },
	{ "SetEnv A\n", "~/.ssh/config:1: SetEnv: a name without =value" },
	{ "UserKnownHostsFile a none\n", "~/.ssh/config:1: UserKnownHostsFil" },
	{ "UserKnownHostsFile none a\n", "~/.ssh/config:1: UserKnownHostsFil" },
	{ "Match all user x\n", "~/.ssh/config:1: Match all stands alone" },
	{ "Match # x\n", "~/.ssh/config:1: Match has no criteria" },
	{ "Host a ''\n", "~/.ssh/config:1: Host has an empty argument" },
	{ "Include config\n", "~/.ssh/config:1: files include one another" },
	{ "Host x\nInclude bad\n", "~/.ssh/bad:1: '0' is no port number" },
	{ "Host x\nInclude loose\n", "~/.ssh/loose: others can write it" },
};

static void test_wrong(void **state)
{
	static const char *const words[] = { "h", "ls", NULL };
	char path[256];
	struct got g;

	(void)state;
	put(etc, "ssh_config", "");
	put(home, ".ssh/bad", "Port 0\n");
	put(home, ".ssh/loose", "");
	snprintf(path, sizeof(path), "%s/.ssh/loose", home);
	assert_int_equal(chmod(path, 0666), 0);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		put(home, ".ssh/config", wrong[i].user);
		resolve(&g, words, NULL);
		if (g.rc != -1 || strncmp(g.err.text, wrong[i].error,
					  strlen(wrong[i].error)) != 0)
			fail_msg("row '%s': %d '%s'", wrong[i].user, g.rc,
				g.err.text);
		ssh_settings_release(&g.s);
	}
	snprintf(path, sizeof(path), "%s/.ssh/config", home);
	put(home, ".ssh/config", "");
	assert_int_equal(chmod(path, 0620), 0);
	resolve(&g, words, NULL);
	assert_int_equal(g.err.kind, ERROR_DENIED);
	ssh_settings_release(&g.s);
	assert_int_equal(chmod(path, 0600), 0);
	/* the system's file is the administrator's matter, as in OpenSSH */
	put(etc, "ssh_config", "Port 5\nInclude ~/x\n");
	snprintf(path, sizeof(path), "%s/ssh_config", etc);
	assert_int_equal(chmod(path, 0666), 0);
	resolve(&g, words, NULL);
	assert_string_equal(g.err.text,
		"/etc/ssh_config:2: Include '~/x': a system's file has no "
		"home");
	ssh_settings_release(&g.s);
	assert_int_equal(chmod(path, 0600), 0);
}

/* What is too much for us is OpenSSH's, and nothing is cut in silence. */
static void test_too_much(void **state)
{
	static const char *const words[] = { "h", "ls", NULL };
	char path[256];
	struct got g;
	FILE *f;

	(void)state;
	put(etc, "ssh_config", "Port 5\n");
	snprintf(path, sizeof(path), "%s/.ssh/config", home);
	f = fopen(path, "w");
	for (int i = 0; i < (1 << 20) / 64 + 1; i++)
		fprintf(f, "%-63s\n", "# comment");
	fclose(f);
	resolve(&g, words, NULL);
	assert_string_equal(g.why, "~/.ssh/config makes it too much to read");
	assert_int_equal(g.s.port, 5);
	ssh_settings_release(&g.s);
	f = fopen(path, "w");
	for (int i = 0; i < SSH_SETTINGS_LIST_MAX + 1; i++)
		fprintf(f, "SendEnv V%d\n", i);
	fclose(f);
	resolve(&g, words, NULL);
	assert_string_equal(g.why, "SendEnv at ~/.ssh/config:101");
	assert_int_equal(g.s.sendenv.count, SSH_SETTINGS_LIST_MAX);
	ssh_settings_release(&g.s);
	put(home, ".ssh/one", "User one\n");
	f = fopen(path, "w");
	for (int i = 0; i < 300; i++)
		fprintf(f, "Include one\n");
	fclose(f);
	resolve(&g, words, NULL);
	assert_string_equal(g.why, "~/.ssh/one is one file too many");
	ssh_settings_release(&g.s);
}

static void test_command_line(void **state)
{
	static const struct {
		const char *words[WORDS], *error;
	} rows[] = {
		{ { "-oHost=x", "h", "ls" }, "-o: Host is for files" },
		{ { "-oMatch=all", "h", "ls" }, "-o: Match is for files" },
		{ { "-oInclude=x", "h", "ls" }, "-o: Include is for files" },
		{ { "-oUser=a;b", "h", "ls" }, "the user name holds" },
		{ { "-oUser=-x", "h", "ls" }, "the user name holds" },
		{ { "-F", "/dev/null/x", "h", "ls" },
			"-F /dev/null/x: there is no such file" },
	};
	struct got g;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		resolve(&g, rows[i].words, NULL);
		ROW(rows[i].error, g.rc == -1 && g.err.kind == ERROR_USAGE);
		ROW(rows[i].error, !strncmp(g.err.text, rows[i].error,
					   strlen(rows[i].error)));
		ssh_settings_release(&g.s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_resolved, setup, teardown),
		cmocka_unit_test_setup_teardown(test_foreign, setup, teardown),
		cmocka_unit_test_setup_teardown(test_handed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tickets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_agent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_homeless, setup, teardown),
		cmocka_unit_test_setup_teardown(test_presets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wrong, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_much, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_command_line, setup, teardown),
	};

	return unit_run("ssh_config_resolve", tests, COUNT(tests), NULL, NULL);
}
