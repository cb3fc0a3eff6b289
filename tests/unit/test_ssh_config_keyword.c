#include "transport/ssh_config_keyword.h"

#include "tests/unit/unit.h"

/* Of readconf.c from 9.2 to 10.5, and Debian's own. */
static const char *const known[] = {
	"addkeystoagent",
	"addressfamily",
	"afstokenpassing",
	"batchmode",
	"bindaddress",
	"bindinterface",
	"canonicaldomains",
	"canonicalizefallbacklocal",
	"canonicalizehostname",
	"canonicalizemaxdots",
	"canonicalizepermittedcnames",
	"casignaturealgorithms",
	"certificatefile",
	"challengeresponseauthentication",
	"channeltimeout",
	"checkhostip",
	"cipher",
	"ciphers",
	"clearallforwardings",
	"compression",
	"compressionlevel",
	"connectionattempts",
	"connecttimeout",
	"controlmaster",
	"controlpath",
	"controlpersist",
	"dsaauthentication",
	"dynamicforward",
	"enableescapecommandline",
	"enablesshkeysign",
	"escapechar",
	"exitonforwardfailure",
	"fallbacktorsh",
	"fingerprinthash",
	"forkafterauthentication",
	"forwardagent",
	"forwardx11",
	"forwardx11timeout",
	"forwardx11trusted",
	"gatewayports",
	"globalknownhostsfile",
	"globalknownhostsfile2",
	"gssapiauthentication",
	"gssapiclientidentity",
	"gssapidelegatecredentials",
	"gssapikexalgorithms",
	"gssapikeyexchange",
	"gssapirenewalforcesrekey",
	"gssapiserveridentity",
	"gssapitrustdns",
	"hashknownhosts",
	"host",
	"hostbasedacceptedalgorithms",
	"hostbasedauthentication",
	"hostbasedkeytypes",
	"hostkeyalgorithms",
	"hostkeyalias",
	"hostname",
	"identitiesonly",
	"identityagent",
	"identityfile",
	"identityfile2",
	"ignoreunknown",
	"include",
	"ipqos",
	"kbdinteractiveauthentication",
	"kbdinteractivedevices",
	"keepalive",
	"kerberosauthentication",
	"kerberostgtpassing",
	"kexalgorithms",
	"knownhostscommand",
	"localcommand",
	"localforward",
	"loglevel",
	"logverbose",
	"macs",
	"match",
	"nohostauthenticationforlocalhost",
	"numberofpasswordprompts",
	"obscurekeystroketiming",
	"passwordauthentication",
	"permitlocalcommand",
	"permitremoteopen",
	"pkcs11provider",
	"port",
	"preferredauthentications",
	"protocol",
	"protocolkeepalives",
	"proxycommand",
	"proxyjump",
	"proxyusefdpass",
	"pubkeyacceptedalgorithms",
	"pubkeyacceptedkeytypes",
	"pubkeyauthentication",
	"refuseconnection",
	"rekeylimit",
	"remotecommand",
	"remoteforward",
	"requesttty",
	"requiredrsasize",
	"revokedhostkeys",
	"rhostsauthentication",
	"rhostsrsaauthentication",
	"rsaauthentication",
	"securitykeyprovider",
	"sendenv",
	"serveralivecountmax",
	"serveraliveinterval",
	"sessiontype",
	"setenv",
	"setuptimeout",
	"skeyauthentication",
	"smartcarddevice",
	"stdinnull",
	"streamlocalbindmask",
	"streamlocalbindunlink",
	"stricthostkeychecking",
	"syslogfacility",
	"tag",
	"tcpkeepalive",
	"tisauthentication",
	"tunnel",
	"tunneldevice",
	"updatehostkeys",
	"useblacklistedkeys",
	"useprivilegedport",
	"user",
	"userknownhostsfile",
	"userknownhostsfile2",
	"useroaming",
	"usersh",
	"verifyhostkeydns",
	"versionaddendum",
	"visualhostkey",
	"warnweakcrypto",
	"xauthlocation",
};

static void test_known(void **state)
{
	(void)state;
	assert_true(COUNT(known) > 125);
	for (size_t i = 0; i < COUNT(known); i++) {
		const struct ssh_config_keyword *k =
			ssh_config_keyword_find(slice_of(known[i]));

		ROW(known[i], k != NULL);
		ROW(known[i],
			ssh_config_keyword_index(k) < SSH_CONFIG_KEYWORDS_MAX);
		ROW(known[i], !k->same);
		ROW(known[i], !!k->take == (k->what == SSH_CONFIG_TAKEN));
		ROW(known[i],
			!!k->only == (k->what != SSH_CONFIG_TAKEN &&
					     k->what != SSH_CONFIG_IGNORED &&
					     k->what != SSH_CONFIG_OPENSSH));
	}
	assert_null(ssh_config_keyword_find(slice_of("hos")));
	assert_null(ssh_config_keyword_find(slice_of("hosts")));
	assert_null(ssh_config_keyword_find(slice_of("")));
}

/* Other names of one keyword share its first value. */
static void test_same(void **state)
{
	static const char *const pairs[][2] = {
		{ "identityfile2", "identityfile" },
		{ "pubkeyacceptedkeytypes", "pubkeyacceptedalgorithms" },
		{ "dsaauthentication", "pubkeyauthentication" },
		{ "smartcarddevice", "pkcs11provider" },
		{ "HOST", "host" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++)
		ROW(pairs[i][0],
			ssh_config_keyword_find(slice_of(pairs[i][0])) ==
				ssh_config_keyword_find(slice_of(pairs[i][1])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_same),
	};

	return unit_run("ssh_config_keyword", tests, COUNT(tests), NULL, NULL);
}
