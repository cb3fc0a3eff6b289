/*
 * netrc_gen: .netrc files for the differential tests, the same in every run.
 *
 *	netrc_gen portable|odd COUNT FOLDER
 *	netrc_gen vectors FILE FOLDER
 *
 * Writes N.netrc (mode 0600) and N.hosts, the hosts to ask, one a line; those
 * of a generated file are some of its own, and some that it must not answer.
 *
 *   portable  what curl, Go and git-credential-netrc read alike: lower-case
 *             keywords, a host once, the login before the password, values on
 *             the keyword's line, no quote,
 *             backslash, '#', default or macdef, and no such word as a value
 *   odd       such a file with one or two oddities in it
 *   vectors   the texts of a vector file whose query is a host and no more
 */
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENTRIES_MAX 12

enum oddity {
	QUOTED_PASSWORD,
	QUOTED_ESCAPES,
	BACKSLASH,
	HASH_INSIDE,
	HASH_FIRST,
	KEYWORD_VALUE,
	PASSWORD_FIRST,
	COMMENT,
	COMMENT_KEYWORDS,
	TAIL_COMMENT,
	DEFAULT_LAST,
	DEFAULT_FIRST,
	MACRO,
	MACRO_IN_ENTRY,
	UPPER_KEYWORD,
	UPPER_HOST,
	NEXT_LINE,
	ALIAS,
	PORT_TOKEN,
	HOST_PORT,
	NO_PASSWORD,
	NO_LOGIN,
	REPEATED,
	SAME_HOST,
	CARRIAGE_RETURNS,
	UNKNOWN,
	ACCOUNT,
	EMPTY_LOGIN,
	NON_ASCII,
	VERTICAL_TAB,
	OPEN_QUOTE,
	NO_VALUE,
	ODDITIES,
};

static uint32_t state;

/* 0 to n - 1. xorshift32: the same everywhere. */
static unsigned roll(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % n;
}

static const char *pick(const char *const *words, size_t n)
{
	return words[roll((unsigned)n)];
}
#define PICK(words) pick(words, sizeof(words) / sizeof((words)[0]))

/* Neighbours of each other: only the whole name is the name. */
static const char *const hosts[] = { "git.example", "git.example.org",
	"a.git.example", "xgit.example", "git.exampl", "example", "localhost",
	"10.0.0.1", "10.0.0.11", "git-1.corp.example", "git1.corp.example",
	"corp.example", "h", "hh", "a.b.c.d.e.f.example", "h.h.h" };

static const char *const logins[] = { "ann", "bob", "git", "x-token-auth",
	"ann@corp.example", "first.last", "u+1", "0", "_", "%41", "$HOME",
	"a=b" };

static const char *const passwords[] = { "s3cret", "p", "0",
	"ghp_16C7e42F292c6912E7710c838347Ae178B4a", "a:b:c", "::", "%20",
	"$(id)", "a'b", "'", "=", "a=b", "!@$%^&*()", "{}[]<>,.;~`|",
	"glpat-xx_yy-zz" };

static const char *const keywords[] = { "machine", "default", "macdef", "login",
	"password" };

struct file {
	FILE *out;
	bool odd[ODDITIES];
	unsigned at; /* the entry that is odd */
	unsigned entries;
	const char *host[ENTRIES_MAX];
};

static void blank(FILE *out)
{
	static const char *const blanks[] = { " ", " ", " ", "\t", "  ",
		" \t" };

	fputs(PICK(blanks), out);
}

/* Between two pairs, or two entries. */
static void gap(FILE *out)
{
	static const char *const gaps[] = { " ", " ", "\n", "\n\t", "\n    " };

	fputs(PICK(gaps), out);
}

static void pair(struct file *f, bool odd, const char *key, const char *value)
{
	fputs(odd && f->odd[UPPER_KEYWORD] && !strcmp(key, "login") ? "LOGIN"
								    : key,
		f->out);
	if (odd && f->odd[NEXT_LINE])
		fputs("\n", f->out);
	else
		blank(f->out);
	fputs(value, f->out);
}

static void put_login(struct file *f, bool odd)
{
	const char *value = odd && f->odd[EMPTY_LOGIN] ? "\"\"" : PICK(logins);

	if (odd && f->odd[NO_LOGIN])
		return;
	gap(f->out);
	pair(f, odd, odd && f->odd[ALIAS] ? "user" : "login", value);
	if (!odd || !f->odd[REPEATED])
		return;
	gap(f->out);
	pair(f, odd, "login", PICK(logins));
}

static void put_password(struct file *f, bool odd)
{
	const char *value = PICK(passwords);

	if (odd && f->odd[NO_PASSWORD])
		return;
	gap(f->out);
	if (odd && f->odd[NO_VALUE]) {
		fputs("password\n", f->out);
		return;
	}
	if (odd && f->odd[QUOTED_PASSWORD])
		value = "\"two words\"";
	if (odd && f->odd[QUOTED_ESCAPES])
		value = "\"a\\\"b\\\\c\\td\"";
	if (odd && f->odd[BACKSLASH])
		value = "a\\b\\\\c";
	if (odd && f->odd[HASH_INSIDE])
		value = "a#b";
	if (odd && f->odd[HASH_FIRST])
		value = "#ab";
	if (odd && f->odd[KEYWORD_VALUE])
		value = PICK(keywords);
	if (odd && f->odd[NON_ASCII])
		value = "gr\xc3\xbc\xc3\x9f";
	if (odd && f->odd[VERTICAL_TAB])
		value = "a\vb";
	if (odd && f->odd[OPEN_QUOTE])
		value = "\"never closed";
	pair(f, odd, "password", value);
}

static void put_extra(struct file *f)
{
	if (f->odd[PORT_TOKEN])
		fputs(roll(2) ? " port 443" : " port 8443", f->out);
	if (f->odd[UNKNOWN])
		fputs(roll(2) ? " protocol2 https" : " junk", f->out);
	if (f->odd[ACCOUNT])
		fputs(" account main", f->out);
	if (f->odd[MACRO_IN_ENTRY])
		fputs(" macdef init\n\tcd /pub\n\tlogin no\n\n", f->out);
	if (f->odd[TAIL_COMMENT])
		fputs(roll(2) ? " # the old password old" : " # new", f->out);
}

static void put_machine(struct file *f, bool odd, const char *host)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%s", host,
		odd && f->odd[HOST_PORT] ? (roll(2) ? ":443" : ":8443") : "");
	if (odd && f->odd[UPPER_HOST] && name[0] >= 'a' && name[0] <= 'z')
		name[0] = (char)(name[0] - 'a' + 'A');
	pair(f, odd, "machine", name);
	if (!odd || !f->odd[PASSWORD_FIRST]) {
		put_login(f, odd);
		put_password(f, odd);
	} else {
		put_password(f, odd);
		put_login(f, odd);
	}
	if (odd)
		put_extra(f);
	fputc('\n', f->out);
	if (!roll(3))
		fputc('\n', f->out);
}

static void put_before(struct file *f)
{
	if (f->odd[COMMENT])
		fputs("# written by hand\n  # twice\n", f->out);
	if (f->odd[COMMENT_KEYWORDS])
		fprintf(f->out, "# machine %s login old password older\n",
			f->host[f->at]);
	if (f->odd[MACRO])
		fputs("macdef up\n\tput machine\n\tlogin no\n\n", f->out);
	if (f->odd[DEFAULT_FIRST])
		fputs("default login any password thing\n", f->out);
	if (f->odd[SAME_HOST])
		put_machine(f, false, f->host[f->at]);
}

static void put_file(struct file *f)
{
	for (unsigned i = 0; i < f->entries; i++) {
		if (i == f->at)
			put_before(f);
		put_machine(f, i == f->at, f->host[i]);
	}
	if (f->odd[DEFAULT_LAST])
		fputs("default login any password thing\n", f->out);
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static FILE *create(const char *folder, unsigned n, const char *suffix)
{
	char path[4096];
	FILE *out;
	int fd;

	snprintf(path, sizeof(path), "%s/%u.%s", folder, n, suffix);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out)
		fail(path);
	return out;
}

static void done(FILE *out)
{
	if (fclose(out) != 0)
		fail("fclose");
}

/* LF to CR LF, as an editor of another system leaves them. */
static void put_text(FILE *out, const char *text, size_t n, bool crlf)
{
	for (size_t i = 0; i < n; i++) {
		if (crlf && text[i] == '\n')
			fputc('\r', out);
		fputc(text[i], out);
	}
}

static void choose(struct file *f)
{
	size_t known = sizeof(hosts) / sizeof(hosts[0]);
	size_t first = roll((unsigned)known);

	f->entries = 1 + roll(ENTRIES_MAX);
	f->at = roll(f->entries);
	/* 3 has no factor of the table's 16, so that no host comes twice */
	for (unsigned i = 0; i < f->entries; i++)
		f->host[i] = hosts[(first + 3 * i) % known];
}

static void generate(const char *folder, unsigned n, bool odd)
{
	struct file f = { .out = NULL };
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	state = 2463534242u + n * 2654435761u;
	if (!state)
		state = 1;
	choose(&f);
	if (odd) {
		f.odd[n % ODDITIES] = true;
		if (roll(2))
			f.odd[roll(ODDITIES)] = true;
	}
	f.out = open_memstream(&text, &size);
	if (!f.out)
		fail("open_memstream");
	put_file(&f);
	done(f.out);
	out = create(folder, n, "netrc");
	put_text(out, text, size, f.odd[CARRIAGE_RETURNS]);
	done(out);
	free(text);
	out = create(folder, n, "hosts");
	fprintf(out, "%s\n%s\n", f.host[f.at], f.host[f.entries - 1]);
	if (f.entries > 2)
		fprintf(out, "%s\n", f.host[f.at ? 0 : 1]);
	/* in no table */
	fprintf(out, "%s\nx.%s\n", roll(2) ? "other.example" : "git.exampleX",
		f.host[f.at]);
	done(out);
}

static bool one_host(json_t *query)
{
	return json_object_size(query) == 1 &&
	       json_is_string(json_object_get(query, "host"));
}

static void from_vectors(const char *path, const char *folder)
{
	FILE *in = fopen(path, "re"), *out;
	char *line = NULL;
	size_t room = 0;
	unsigned n = 0;

	if (!in)
		fail(path);
	while (getline(&line, &room, in) > 0) {
		json_t *v = json_loads(line, JSON_ALLOW_NUL, NULL);
		json_t *text = json_object_get(v, "netrc");
		json_t *query = json_object_get(v, "query");

		if (json_is_string(text) && one_host(query)) {
			out = create(folder, n, "netrc");
			put_text(out, json_string_value(text),
				json_string_length(text), false);
			done(out);
			out = create(folder, n++, "hosts");
			fprintf(out, "%s\n",
				json_string_value(
					json_object_get(query, "host")));
			done(out);
		}
		json_decref(v);
	}
	free(line);
	fclose(in);
}

int main(int argc, char **argv)
{
	bool odd = argc == 4 && !strcmp(argv[1], "odd");

	if (argc == 4 && !strcmp(argv[1], "vectors")) {
		from_vectors(argv[2], argv[3]);
		return 0;
	}
	if (argc != 4 || (!odd && strcmp(argv[1], "portable") != 0)) {
		fprintf(stderr, "usage: netrc_gen portable|odd count folder\n"
				"       netrc_gen vectors file folder\n");
		return 2;
	}
	for (unsigned n = 0; n < (unsigned)strtoul(argv[2], NULL, 10); n++)
		generate(argv[3], n, odd);
	return 0;
}
