#include "transport/host_names.h"

#include "tests/unit/unit.h"

#define NO HOST_NAMES_NO
#define YES HOST_NAMES_YES
#define BAD HOST_NAMES_BAD

/* Made by `ssh-keygen -H` of OpenSSH 9.2: h, [h]:2222. */
#define HASHED "|1|90+sx9cqdb0LaifXVI37sx7dwy4=|qd3t7xLODbPM5RITv3a/AnnsDr0="
#define HASHED_PORT                                                            \
	"|1|9iksNnOL+swlYsvV9JLSNGIzGPU=|tPR7DrgEwfgIC7JiAvObmR9aI8g="

static const struct {
	const char *names, *name;
	enum host_names_result result;
} rows[] = {
	{ "h", "h", YES },
	{ "h", "h2", NO },
	{ "h2", "h", NO },
	{ "H.Example", "h.example", YES },
	{ "", "h", NO },
	{ ",", "h", NO },
	/* lists */
	{ "a,h", "h", YES },
	{ "h,a", "h", YES },
	{ "a,h,", "h", YES },
	{ ",h", "h", YES },
	{ "a,b", "a,b", NO },
	{ "h ", "h", NO },
	/* patterns */
	{ "*", "h", YES },
	{ "**", "h", YES },
	{ "?", "h", YES },
	{ "?", "hh", NO },
	{ "??", "h", NO },
	{ "*?", "h", YES },
	{ "*.example", "h.example", YES },
	{ "*.example", ".example", YES },
	{ "*.example", "example", NO },
	{ "*.example", "h.example.org", NO },
	{ "*.EXAMPLE", "h.example", YES },
	{ "h*e", "h.example", YES },
	{ "h*x", "h.example", NO },
	{ "*a*b*c*", "xaybzc", YES },
	{ "*a*b*c", "aabbccb", NO },
	{ "*aab", "aaab", YES },
	{ "10.0.?.*", "10.0.1.22", YES },
	{ "h\\*", "h*", NO },
	{ "[ab]", "a", NO },
	/* negation, wherever it stands */
	{ "h,!h", "h", NO },
	{ "!h,h", "h", NO },
	{ "!h", "h", NO },
	{ "!h", "a", NO },
	{ "*,!h", "h", NO },
	{ "*,!h", "a", YES },
	{ "!H,*", "h", NO },
	{ "*.example,!*.dev.example", "h.dev.example", NO },
	{ "*.example,!*.dev.example", "h.example", YES },
	{ "!", "h", NO },
	{ "!,h", "h", YES },
	{ "!!h,h", "h", YES },
	/* ports */
	{ "[h]:2222", "[h]:2222", YES },
	{ "[H]:2222", "[h]:2222", YES },
	{ "h", "[h]:2222", NO },
	{ "[h]:2222", "h", NO },
	{ "[h]:22", "h", NO },
	{ "[h]:222", "[h]:2222", NO },
	{ "[*]:2222", "[h]:2222", YES },
	{ "[h]:*", "[h]:2222", YES },
	{ "*,!h", "[h]:2222", YES },
	{ "*h*", "[h]:2222", YES },
	/* IPv6 */
	{ "::1", "::1", YES },
	{ "[::1]:2222", "[::1]:2222", YES },
	{ "FE80::1%eth0", "fe80::1%eth0", YES },
	{ "2001:db8:*", "2001:db8::7", YES },
	{ "0:0:0:0:0:0:0:1", "::1", NO },
	/* hashed */
	{ HASHED, "h", YES },
	{ HASHED, "[h]:2222", NO },
	{ HASHED_PORT, "[h]:2222", YES },
	{ HASHED_PORT, "h", NO },
	{ HASHED ",h", "h", NO },
	{ "h," HASHED, "h", YES },
	{ "a," HASHED, "h", NO },
	{ "!" HASHED ",*", "h", YES },
	{ "|1|90+sx9cqdb0LaifXVI37sx7dwy4=|", "h", NO },
	{ "|1|90+sx9cqdb0LaifXVI37sx7dwy4=|qd3t", "h", NO },
	{ "|1|90+sx9cqdb0LaifXVI37sx7dwy4=|*", "h", NO },
	{ "|", "h", BAD },
	{ "|1|", "h", BAD },
	{ "|1||", "h", BAD },
	{ "|1|90+sx9cqdb0LaifXVI37sx7dwy4=", "h", BAD },
	{ "|2|90+sx9cqdb0LaifXVI37sx7dwy4=|qd3t7xLODbPM5RITv3a/AnnsDr0=", "h",
		BAD },
	{ "|1|90+sx9cqdb0LaifXVI37sx7dwy4|qd3t7xLODbPM5RITv3a/AnnsDr0=", "h",
		BAD },
	{ "|1|90+sx9cqdb0LaifXVI37sx7dw===|qd3t7xLODbPM5RITv3a/AnnsDr0=", "h",
		BAD },
	{ "|1|90+sx9cqdb0LaifXVI37sx7dwyxx|qd3t7xLODbPM5RITv3a/AnnsDr0=", "h",
		BAD },
	{ "|1|90+sx9cqdb0L!ifXVI37sx7dwy4=|qd3t7xLODbPM5RITv3a/AnnsDr0=", "h",
		BAD },
	{ "|1|*|*", "h", BAD },
	{ "|*", "h", BAD },
};

static void test_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW(rows[i].names,
			host_names_match(slice_of(rows[i].names),
				slice_of(rows[i].name)) == rows[i].result);
}

static const struct {
	const char *names;
	bool pattern;
} patterns[] = {
	{ "h", false },
	{ "h,[h]:2222,10.0.0.1", false },
	{ HASHED, false },
	{ "|1|x|*", false },
	{ "", false },
	{ "*", true },
	{ "h,?", true },
	{ "h,!a", true },
};

static void test_is_pattern(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(patterns); i++)
		ROW(patterns[i].names,
			host_names_is_pattern(slice_of(patterns[i].names)) ==
				patterns[i].pattern);
}

/* What takes 2^n steps where every '*' tries everything. */
static void test_time(void **state)
{
	char pattern[2001], name[1001];

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		memcpy(pattern + 2 * i, "*a", 2);
	memset(name, 'a', 999);
	name[999] = 'b';
	pattern[2000] = name[1000] = '\0';
	alarm(10);
	assert_int_equal(
		host_names_match(slice_of(pattern), slice_of(name)), NO);
	pattern[1000] = '\0';
	assert_int_equal(
		host_names_match(slice_of(pattern), slice_of(name)), NO);
	alarm(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_is_pattern),
		cmocka_unit_test(test_time),
	};

	return unit_run("host_names", tests, COUNT(tests), NULL, NULL);
}
