"""Addresses nobody may make the site call: of the network, and as people write them."""

HOSTILE_ADDRESSES = (
    # this machine, nothing, everybody
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "255.255.255.255", "::1", "::",  # noqa: S104
    # private networks
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255", "fc00::1",
    "fd12:3456:789a::1", "fec0::1",
    # link-local, and the services of clouds
    "169.254.0.1", "169.254.169.254", "169.254.170.2", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200",
    "192.0.0.192", "168.63.129.16",
    # shared by carriers
    "100.64.0.1", "100.127.255.255",
    # given out for protocols, documentation and benchmarks
    "192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1",
    "198.19.255.255", "192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1", "2001:db8::1", "3fff::1",
    "2001:2::1", "2001:10::1", "2001:20::1", "2620:4f:8000::1", "100::1", "5f00::1",
    # multicast and what is kept for later
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "254.255.255.255", "ff02::1", "ff0e::1", "4000::1",
    # an IPv4 address wrapped in an IPv6 one
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b::808:808", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2002:808:808::", "2001::1", "2001:0:53aa:64c:0:0:f5ff:fffe", "2600:1f16::5efe:a00:1", "2600:1f16::200:5efe:a00:1",
    # no address at all
    "", "localhost", "1", "0x7f000001", "2130706433", "127.1", "[::1]", "fe80::1%",
)  # fmt: skip

PUBLIC_ADDRESSES = (
    "1.1.1.1", "8.8.8.8", "93.184.215.14", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1",
    "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4009::200e",
    "2001:4860:4860::8888", "2003::1",
)  # fmt: skip

HOSTILE_URLS = (
    # this machine, in every form a number can be written
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/",
    "https://0177.0.0.1/", "https://017700000001/", "https://127.0.0.0x1/", "https://0/", "https://127.0.0.1./",
    "https://１２７.0.0.1/", "https://127。0。0。1/", "https://①②⑦.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
    "https://[0:0:0:0:0:ffff:7f00:1]/", "https://[::]/", "https://[fe80::1%25eth0]/", "https://[64:ff9b::7f00:1]/",
    "https://8.8.8.8/", "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://192.168.1.1/",
    "https://100.100.100.200/", "https://0x0a.0x00.0x00.0x01/", "https://1.1.1.1.1/", "https://example.0x7f/",
    "https://[v1.x]/", "https://[::1/", "https://::1/",
    # this machine and its network, by name
    "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://a.localhost/", "https://printer.local/",
    "https://metadata.google.internal/", "https://intranet/", "https://db/", "https://x.home.arpa/", "https://x.lan/",
    "https://x.corp/", "https://x.onion/", "https://x.test/", "https://localhost.localdomain/",
    # other schemes and ports
    "http://hooks.example.org/", "ftp://hooks.example.org/", "file:///etc/passwd", "gopher://hooks.example.org/",
    "javascript:alert(1)", "//hooks.example.org/", "hooks.example.org", "https:hooks.example.org", "https:///x",
    "https://hooks.example.org:80/", "https://hooks.example.org:22/", "https://hooks.example.org:8443/",
    "https://hooks.example.org:0/", "https://hooks.example.org:65536/", "https://hooks.example.org:x/",
    "https://hooks.example.org:/", "https://hooks.example.org:-1/", "http://127.0.0.1:25/",
    # one host to us, another to somebody else
    "https://user@hooks.example.org/", "https://user:pass@hooks.example.org/", "https://hooks.example.org@127.0.0.1/",
    "https://127.0.0.1@hooks.example.org/", "https://hooks.example.org#@127.0.0.1/", "https://hooks.example.org\\@127.0.0.1/",
    "https://hooks.example.org\\.evil.example/", "https:\\\\hooks.example.org/", "https://hooks.example.org%2eevil/",
    "https://hooks.example.org%00.evil.example/", "https://hooks%2e.example/", "https://hooks.example.org/#x",
    "https://hooks.example.org./", "https://hooks.example.org。/", "https://.example.org/", "https://a..example/",
    "https://-a.example/", "https://a_b.example/", "https://a b.example/", "https://hooks.example.org/a b",
    "https://hooks.example.org/\r\nHost: x", "https://hooks.example.org/\tx", "https://hooks.example.org/é",
    "https://hooks.example.org/\u2028", "https://hooks.example\u00a0.org/", " https://hooks.example.org/",
    "https://hooks.example.org/\x00", "https://ℍooks.example\ud800/", f"https://hooks.example.org/{'a' * 500}",
    f"https://{'a.' * 130}example/", f"https://{'a' * 64}.example/", "", "https://", "https://?x", "https://example/",
)  # fmt: skip
