"""Secrets are taken out of commands in each form in which people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot.redaction.redact import MASK, redact

SECRET = "hunter2Secret"

FLAGS = [
    "rsspot login --refresh-token {}",
    'rsspot login "--refresh-token" "{}"',
    "rsspot login '--refresh-token={}'",
    "rsspot login --refresh-token\t{}",
    "rsspot login --refresh-token\u00a0{}",
    "rsspot login --refresh-token   {}",
    "rsspot login --refresh-token \\\n  {}",
    "rsspot login --refresh-tok {}",
    "rsspot login --REFRESH-TOKEN {}",
    "rsspot login \u2014refresh-token {}",
    "rsspot login -t {}",
    "rsspot login -t{}",
    'rsspot login --token "{}"',
    "rsspot login --token '{} with spaces'",
    "rsspot login --token={}",
    "rsspot login --token='{}'",
    "rsspot login --to'ken'={}",
    "rsspot login --token:{}",
    "rsspot login --token \\{}",
    "rsspot login --token -{}",
    "rsspot login --token $(echo {})",
    "rsspot login --token=$(echo {})",
    "rsspot login --token $(cat $(echo {}))",
    "rsspot login --token `echo {}`",
    "rsspot login --unknown {}",
    "rsspot login --unknown={}",
    "rsspot login -x={}",
    "rsspot login -token {}",
    "rsspot login -token={}",
    "mysql -p{} -u root",
    "mysql --password {} db",
    "sshpass -p {} ssh host",
    "docker login -u me -p {}",
    "curl -u me:{} https://x",
    "curl -ume:{} https://x",
    "kubectl create secret generic x --from-literal=password={}",
    "kubectl create secret generic x --from-literal password={}",
    "kubectl config set-credentials me --token={}",
    "helm install x y --set auth.password={}",
    "terraform apply -var token={}",
    "terraform apply -var 'token={}'",
    "terraform apply -var=token={}",
    "openssl enc -pass pass:{}",
    "net use /password:{}",
    "net use z: \\\\server\\share /user:me /p:{}",
    "cmdkey /add:server /user:me /pass:{}",
    'cmdkey /add:server "/pass:{}"',
    "tool /unknown={}",
    "sqlcmd /U me /P {}",
    "tool /password {}",
    "schtasks /create /rp:{}",
    "tool /api-key {}",
    "rsspot login -- --token {}",
    "rsspot --webhook https://me:{}@x/ pools",
    "rsspot --profile ghp_{}0123456789 regions",
]
VARIABLES = [
    "RSSPOT_REFRESH_TOKEN={} rsspot regions",
    "RSSPOT_REFRESH_TOKEN='{}' rsspot regions",
    'RSSPOT_REFRESH_TOKEN="a {}" rsspot regions',
    "FOO={} rsspot regions",
    "LANG=C FOO={} rsspot regions",
    "export RSSPOT_REFRESH_TOKEN={}",
    "export FOO={} BAR={}",
    "set FOO={}",
    "env FOO={} rsspot regions",
    '$env:RSSPOT_REFRESH_TOKEN = "{}"',
    "setx RSSPOT_REFRESH_TOKEN {}",
    "rsspot login; export TOKEN={}",
    "rsspot regions && TOKEN={} rsspot regions",
    "rsspot regions\nTOKEN={} rsspot regions",
    "RSSPOT_PROFILE=https://me:{}@x/ rsspot regions",
]
HEADERS = [
    "curl -H 'Authorization: Token {}' https://x",
    "curl -H 'Authorization: Bearer {}' https://x",
    'curl -H "authorization:{}" https://x',
    "curl -HAuthorization:{} https://x",
    "curl --header 'X-Api-Key: {}' https://x",
    "rsspot api get /x 'X-Api-Key: {}'",
    "Authorization: Token {}",
    "curl -v 'Authorization: Digest response={}, a={}'",
    "rsspot api get /x 'Authorization: Token {} {}'",
    "Authorization: Basic {}",
    "Authorization: AWS4-HMAC-SHA256 Credential={}",
    "Proxy-Authorization:\tToken {}",
    "Cookie: session={}; other={}",
    "Set-Cookie: a={}",
    "X-Auth-Token: {}",
    "bearer {}",
]
STRUCTURES = [
    'curl -d \'{{"refresh_token": "{}"}}\' https://x',
    'curl -d "{{\\"refresh_token\\": \\"{}\\"}}" https://x',
    'curl -d {{"refresh_token":"{}"}} https://x',
    'rsspot api post /x --json \'{{"a": {{"b": "{}"}}}}\'',
    'rsspot api post /x \'{{"a": "{}"}}\'',
    'rsspot api post /x \'{{"refresh\\u005ftoken":"{}"}}\'',
    'rsspot api post /x \'["--token", "{}"]\'',
    "['rsspot', 'login', '--refresh-token', '{}']",
    '["rsspot","login","--refresh-token","{}"]',
    '{{"refresh_token": "{}"}}',
    '{{\\"refresh_token\\": \\"{}\\"}}',
    '"refresh_token": "{}"',
    "{{'password': '{}'}}",
    "refresh_token:{}",
    "password: {}",
    "api_key = {}",
    "token={}",
    "x&token={}&y",
    'psql "host=x password={}"',
]
URLS = [
    "curl https://me:{}@x/y",
    "curl https://{}@x/y",
    "curl 'https://me:a/b@{}@x/y'",
    "curl https://x/y?access_token={}",
    "curl 'https://x/y?a=b&sig={}#frag'",
    "curl 'https://x/y#token={}'",
    "curl https://x/y?{}",
    "curl https://hooks.example/services/T0/{}0123456789",
    "psql postgres://u:{}@h/db",
    "git clone https://x-access-token:{}@github.example/a/b",
    "scp me:{}@host:/x .",
    "rsspot regions --base-url=https://me:{}@x",
]
SHELLS = [
    "echo {} | rsspot login --token-file -",
    "printf '%s' {} | rsspot login",
    "rsspot login <<< {}",
    "rsspot login <<EOF\n{}\nEOF",
    "rsspot login <<-'EOF'\na\n{} b\nEOF\n",
    "bash -c 'rsspot login --token {}'",
    'bash -c "FOO={} rsspot x"',
    "bash -c \"sh -c 'rsspot login --token {}'\"",
    "sh -c \"echo '{}' | rsspot login\"",
    'cmd "set TOKEN={}&& rsspot"',
    "aws configure set aws_secret_access_key {}",
    "vault kv put secret/x password={}",
    "the token is {}",
    "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\n{}",
]


@pytest.mark.parametrize("sample", [*FLAGS, *VARIABLES, *HEADERS, *STRUCTURES, *URLS, *SHELLS])
def test_a_secret_is_taken_out_however_it_is_written(sample: str) -> None:
    kept = redact(sample.format(*[SECRET] * 3))
    assert SECRET not in kept
    assert "unter2Secret" not in kept
    assert MASK in kept
    assert redact(kept) == kept  # and what was redacted once stays so


@pytest.mark.parametrize("sample", [*FLAGS, *VARIABLES, *STRUCTURES])
@given(secret=st.from_regex(r"[A-Za-z][A-Za-z0-9_]{4,30}[0-9]", fullmatch=True))
def test_what_the_secret_looks_like_makes_no_difference(sample: str, secret: str) -> None:
    if secret in sample:
        return
    assert secret not in redact(sample.format(*[secret] * 3))


@pytest.mark.parametrize(
    "command",
    [
        "rsspot cloudspaces create demo --region us-central-dfw-2 --wait",
        "rsspot pools spot demo --class gp.vs2.medium-dfw2 --bid 0.05 --count 3 --wait",
        "rsspot pools update 0f0e0d0c-0b0a-4a0b-8c0d-0e0f00010203 --min 1 --max 5 -o json",
        "rsspot --profile prod --org=acme regions list",
        "rsspot cloudspaces delete demo --cascade --yes",
        "rsspot cloudspaces kubeconfig demo --to 'my config'",
        "rsspot vms keys list",
        "rsspot orgs use org_Ab6d497734d4cce2",
        "rsspot api get /apis/ngpc.rxt.io/v1/regions",
        "docker run --name x /data:/data /bin/sh",
        "POST /token failed with 503 after 2 tries",
        "ls /p /c/bin /etc/passwd",
        "icacls /region:us-central-dfw-2 /t",
        "RSSPOT_PROFILE=prod rsspot regions list | head",
        "KUBECONFIG=/home/me/.kube/config kubectl get nodes -n kube-system",
        "curl https://spot.rackspace.com/apis/ngpc.rxt.io/v1/regions?limit=5",
        "The server closed the connection after 3.5 s",
        "can't reach host 10.0.0.1:443 - tried 3 times",
        "HTTP 503 Service Unavailable (request id 5f2)",
        "submit failed: status 500 for vm demo/srv-1",
        "The token was refused by the server",
        "`issue_token` returned a str, and the refresh_token is kept",
        "",
        "  \n\t ",
    ],
)
def test_what_is_no_secret_is_kept_to_the_letter(command: str) -> None:
    assert redact(command) == command


def test_only_the_secret_goes() -> None:
    assert (
        redact("rsspot login --org acme --token 'a b' --region \"x\" 2>/dev/null")
        == 'rsspot login --org acme --token [secret] --region "x" 2>/dev/null'
    )
    assert redact("curl 'https://me:pw@x/a?limit=5&b=c#d'") == (
        "curl 'https://[secret]@x/a?limit=5&b=[secret]#[secret]'"
    )


@pytest.mark.parametrize(
    "piece",
    [
        "'", "\\", "`", "$(", "(", "a=", "a:", "@", "a:@", "a@", "{", "token", "token=", "--token ",
        "-a ", "eyJ", "a:b@", "<<", "<< a ", "-----BEGIN A-----", "'\"", '\\"', '$("', "A1", "a1-",
        "https://a@", "https://", "a://b?c&", "token,", "\ud800", "\0",
    ],
)  # fmt: skip
def test_no_text_takes_more_than_linear_time_or_raises(piece: str) -> None:
    # Quadratic time would take minutes here.
    assert isinstance(redact(piece * 30_000), str)


@given(st.text(alphabet="ab1 \t\n'\"\\`$(){}[]=:;|&<>-@/?#,.", max_size=60))
def test_no_text_raises(text: str) -> None:
    assert isinstance(redact(text), str)


@pytest.mark.parametrize(
    "text",
    [
        "rsspot login --refresh-token\nhunter2",
        "rsspot login --refresh-token\n\nhunter2",
        "rsspot login --refresh-token \\\n    hunter2",
        "rsspot login --refresh-token \\\r\n hunter2",
        "rsspot login --refresh-token ^\r\nhunter2",
        "rsspot\nlogin\n--token\nhunter2\n--profile\ndev",
        "--password\r\nhunter2",
        "-p\nhunter2",
        "Authorization:\n  Bearer hunter2",
        "api_token:\n  hunter2",
        "export API_TOKEN=\\\nhunter2",
        "['rsspot',\n '--refresh-token',\n 'hunter2']",
        "['rsspot', '--refresh-token', 'hunter2']",
        '[\n  "--refresh-token",\n  "hunter2"\n]',
        "{--refresh-token, hunter2}",
    ],
)
def test_a_secret_on_the_line_after_what_announces_it_is_taken_out(text: str) -> None:
    assert "hunter2" not in redact(text)
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "text", ["rsspot login --profile\ndev", "make --verbose\nls -la", "echo --token; ls\nfirst"]
)
def test_a_line_after_a_flag_that_is_kept_or_has_no_value_stays(text: str) -> None:
    assert redact(text).endswith(text.rpartition("\n")[2])


@pytest.mark.parametrize(
    "command",
    [
        "rsspot pools create spot demo --class x --bid 0.02 --key workers -y",
        "rsspot pools create spot demo --key=workers-2",
        "rsspot vms create --ssh-key laptop --cloudspace a",
        "rsspot registrations run --ttl 900 --max-attempts 3",
        "ls | rsspot plan --key workers",
    ],
)
def test_a_name_or_number_of_an_own_command_is_kept(command: str) -> None:
    assert redact(command) == command


@pytest.mark.parametrize(
    "command",
    [
        "rsspot plan --key ghp_{}0123456789",
        "rsspot vms pools create x --user-data {}",
        "rsspot plan --key workers; curl --key {}",
        "curl --key {} https://x",
        "rsspot --token {} --key workers",
    ],
)
def test_a_secret_beside_a_kept_flag_is_taken_out(command: str) -> None:
    found = redact(command.format(SECRET))
    assert SECRET not in found
    assert MASK in found
