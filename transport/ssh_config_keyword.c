#include "transport/ssh_config_keyword.h"

#include "transport/ssh_config_block.h"
#include "transport/ssh_config_list.h"
#include "transport/ssh_config_value.h"

#define TAKEN(take) SSH_CONFIG_TAKEN, NULL, NULL, ssh_config_##take
#define FIELD(take, field) TAKEN(take), offsetof(struct ssh_settings, field)
#define IGNORED SSH_CONFIG_IGNORED
#define ONLY(values) SSH_CONFIG_ONLY, values
#define RAW(values) SSH_CONFIG_ONLY_RAW, values
#define EACH(values) SSH_CONFIG_ONLY_EACH, values
#define OPENSSH SSH_CONFIG_OPENSSH
#define TICKETS SSH_CONFIG_TICKETS, NO
#define SAME(name) IGNORED, NULL, name

#define NO "no false"
#define YES "yes true"

static const struct ssh_config_keyword ssh_config_keywords[] = {
	{ "Host", TAKEN(block_host) },
	{ "Match", TAKEN(block_match) },
	{ "Include", TAKEN(block_include) },
	{ "IgnoreUnknown", TAKEN(value_ignoreunknown) },

	/* what a connection of ours is made of */
	{ "HostName", FIELD(value_text, hostname) },
	{ "User", FIELD(value_user, user) },
	{ "Port", FIELD(value_port, port) },
	{ "AddressFamily", FIELD(value_family, addressfamily) },
	{ "ConnectTimeout", FIELD(value_timeout, connecttimeout) },
	{ "ServerAliveInterval", FIELD(value_timeout, serveraliveinterval) },
	{ "ServerAliveCountMax", FIELD(value_count, serveralivecountmax) },
	{ "BatchMode", FIELD(value_flag, batchmode) },
	{ "IdentityFile", FIELD(list_identity, identityfile) },
	{ "IdentityFile2", SAME("IdentityFile") },
	{ "IdentitiesOnly", FIELD(value_flag, identitiesonly) },
	{ "IdentityAgent", FIELD(value_text, identityagent) },
	{ "UserKnownHostsFile", FIELD(list_files, userknownhostsfile) },
	{ "GlobalKnownHostsFile", FIELD(list_files, globalknownhostsfile) },
	{ "HashKnownHosts", FIELD(value_flag, hashknownhosts) },
	{ "HostKeyAlias", FIELD(value_text, hostkeyalias) },
	{ "StrictHostKeyChecking", FIELD(value_strict, stricthostkeychecking) },
	{ "SendEnv", FIELD(list_sendenv, sendenv) },
	{ "SetEnv", FIELD(list_setenv, setenv) },
	{ "ControlPath", TAKEN(value_controlpath) },

	/* another way to the host */
	{ "ProxyCommand", RAW("none") },
	{ "ProxyJump", RAW("none") },
	{ "ProxyUseFdpass", IGNORED }, /* of ProxyCommand */
	{ "CanonicalizeHostname", ONLY(NO) },
	{ "CanonicalizePermittedCNAMEs", ONLY("none") },
	{ "CanonicalDomains", IGNORED }, /* of CanonicalizeHostname */
	{ "CanonicalizeFallbackLocal", IGNORED },
	{ "CanonicalizeMaxDots", IGNORED },
	{ "BindAddress", OPENSSH },
	{ "BindInterface", OPENSSH },
	{ "ConnectionAttempts", ONLY("1") },
	{ "RefuseConnection", OPENSSH },
	{ "Tag", IGNORED }, /* of Match */
	{ "ControlMaster", IGNORED },
	{ "ControlPersist", IGNORED },

	/* whom we trust */
	{ "CheckHostIP", ONLY(NO) },
	{ "VerifyHostKeyDNS", ONLY(NO) },
	{ "KnownHostsCommand", RAW("none") },
	{ "RevokedHostKeys", ONLY("none") },
	{ "NoHostAuthenticationForLocalhost", ONLY(NO) },
	{ "UpdateHostKeys", IGNORED }, /* we learn no other keys */
	{ "FingerprintHash", IGNORED },
	{ "VisualHostKey", IGNORED },

	/* with what ciphers */
	{ "Ciphers", OPENSSH },
	{ "MACs", OPENSSH },
	{ "KexAlgorithms", OPENSSH },
	{ "HostKeyAlgorithms", OPENSSH },
	{ "CASignatureAlgorithms", OPENSSH },
	{ "PubkeyAcceptedAlgorithms", OPENSSH },
	{ "PubkeyAcceptedKeyTypes", SAME("PubkeyAcceptedAlgorithms") },
	{ "RequiredRSASize", OPENSSH },
	{ "RekeyLimit", ONLY("default") },
	{ "Compression", ONLY("no") },
	{ "WarnWeakCrypto", IGNORED },
	{ "VersionAddendum", RAW("none") },

	/* who we are: keys, and what a terminal or a ticket adds to them */
	{ "PubkeyAuthentication", ONLY(YES " unbound") },
	{ "DSAAuthentication", SAME("PubkeyAuthentication") },
	{ "PreferredAuthentications", ONLY("publickey publickey,*") },
	{ "CertificateFile", EACH("none") },
	{ "AddKeysToAgent", ONLY(NO) },
	{ "PKCS11Provider", ONLY("none") },
	{ "SmartcardDevice", SAME("PKCS11Provider") },
	{ "SecurityKeyProvider", ONLY("internal") },
	{ "HostbasedAuthentication", ONLY(NO) },
	{ "HostbasedAcceptedAlgorithms", IGNORED },
	{ "HostbasedKeyTypes", IGNORED },
	{ "EnableSSHKeysign", IGNORED },
	{ "PasswordAuthentication", IGNORED },
	{ "KbdInteractiveAuthentication", IGNORED },
	{ "ChallengeResponseAuthentication", IGNORED },
	{ "SkeyAuthentication", IGNORED },
	{ "TISAuthentication", IGNORED },
	{ "KbdInteractiveDevices", IGNORED },
	{ "NumberOfPasswordPrompts", IGNORED },
	{ "GSSAPIAuthentication", TICKETS },
	{ "GSSAPIKeyExchange", TICKETS }, /* this one and these of Debian's */
	{ "GSSAPIDelegateCredentials", IGNORED },
	{ "GSSAPITrustDNS", IGNORED },
	{ "GSSAPIRenewalForcesRekey", IGNORED },
	{ "GSSAPIKexAlgorithms", IGNORED },
	{ "GSSAPIClientIdentity", IGNORED },
	{ "GSSAPIServerIdentity", IGNORED },

	/* what runs there or here besides the command */
	{ "RemoteCommand", RAW("none") },
	{ "LocalCommand", IGNORED }, /* of PermitLocalCommand */
	{ "PermitLocalCommand", ONLY(NO) },
	{ "SessionType", ONLY("default") },
	{ "RequestTTY", ONLY(NO " auto") },
	{ "StdinNull", ONLY(NO) },
	{ "ForkAfterAuthentication", ONLY(NO) },
	{ "Tunnel", ONLY(NO) },
	{ "TunnelDevice", IGNORED },
	{ "ForwardAgent", ONLY(NO) },
	{ "ForwardX11", ONLY(NO) },
	{ "ForwardX11Trusted", IGNORED },
	{ "ForwardX11Timeout", IGNORED },
	{ "XAuthLocation", IGNORED },
	{ "LocalForward", OPENSSH },
	{ "RemoteForward", OPENSSH },
	{ "DynamicForward", OPENSSH },
	{ "PermitRemoteOpen", IGNORED },
	{ "GatewayPorts", IGNORED },
	{ "ClearAllForwardings", IGNORED },
	{ "ExitOnForwardFailure", IGNORED },
	{ "StreamLocalBindMask", IGNORED },
	{ "StreamLocalBindUnlink", IGNORED },
	{ "ChannelTimeout", ONLY("none") },

	/* of a terminal, a log, or an idle line: we have our own */
	{ "EscapeChar", IGNORED },
	{ "EnableEscapeCommandline", IGNORED },
	{ "ObscureKeystrokeTiming", IGNORED },
	{ "LogLevel", IGNORED },
	{ "LogVerbose", IGNORED },
	{ "SyslogFacility", IGNORED },
	{ "ProtocolKeepAlives", IGNORED }, /* Debian's names */
	{ "SetupTimeOut", IGNORED },
	{ "TCPKeepAlive", IGNORED },
	{ "KeepAlive", IGNORED },
	{ "IPQoS", IGNORED },

	/* OpenSSH takes these and does nothing */
	{ "Protocol", IGNORED },
	{ "Cipher", IGNORED },
	{ "FallBackToRsh", IGNORED },
	{ "GlobalKnownHostsFile2", IGNORED },
	{ "UserKnownHostsFile2", IGNORED },
	{ "RhostsAuthentication", IGNORED },
	{ "RhostsRSAAuthentication", IGNORED },
	{ "RSAAuthentication", IGNORED },
	{ "UseRoaming", IGNORED },
	{ "UseRsh", IGNORED },
	{ "UsePrivilegedPort", IGNORED },
	{ "AFSTokenPassing", IGNORED },
	{ "KerberosAuthentication", IGNORED },
	{ "KerberosTGTPassing", IGNORED },
	{ "CompressionLevel", IGNORED },
	{ "UseBlacklistedKeys", IGNORED },
};

#define SSH_CONFIG_KEYWORDS                                                    \
	(sizeof(ssh_config_keywords) / sizeof(ssh_config_keywords[0]))

_Static_assert(SSH_CONFIG_KEYWORDS <= SSH_CONFIG_KEYWORDS_MAX,
	"struct ssh_config counts each of them");

const struct ssh_config_keyword *ssh_config_keyword_find(struct slice name)
{
	for (size_t i = 0; i < SSH_CONFIG_KEYWORDS; i++) {
		const struct ssh_config_keyword *k = &ssh_config_keywords[i];

		if (!slice_eq_nocase(name, slice_of(k->name)))
			continue;
		return k->same ? ssh_config_keyword_find(slice_of(k->same)) : k;
	}
	return NULL;
}

size_t ssh_config_keyword_index(const struct ssh_config_keyword *k)
{
	return (size_t)(k - ssh_config_keywords);
}
