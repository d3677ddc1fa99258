"""Reads the documents of one run as their consumers do: formats.py DIRECTORY NEW NOT-ANALYSED.

The directory has report.FORMAT of every format; NEW findings and so many packages that were not analysed must be in
each.
A consumer that is not there is named and left out.
"""

import csv
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree

directory, new, not_analysed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
root = os.path.dirname(os.path.abspath(__file__)) + "/../.."
schemas = root + "/../shared/schemas/"
failures = []


def expect(fact, what):
    if not fact:
        failures.append(what)


def skip(what):
    print(f"skipped: {what}")


def read(name):
    """The document, as text that no terminal takes for commands."""
    with open(f"{directory}/report.{name}", "rb") as file:
        data = file.read()
    text = data.decode("utf-8")
    hidden = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]", text)
    expect(not hidden, f"{name}: control characters near {hidden and text[max(0, hidden.start() - 40):hidden.end()]!r}")
    expect(name == "csv" or "\r" not in text, f"{name}: carriage returns")
    expect(name != "csv" or text.count("\r") == text.count("\r\n"), f"{name}: bare carriage returns")
    return text


def read_schema(name):
    try:
        import jsonschema
        with open(schemas + name, encoding="utf-8") as file:
            return jsonschema.Draft4Validator(json.load(file))
    except (ImportError, OSError) as missing:
        skip(f"no validation against {name}: {missing}")
    return None


def validate(schema, what, document):
    for error in schema.iter_errors(document) if schema else ():
        failures.append(f"{what}: {error.message[:200]} at {list(error.path)}")


# --- what a build's log is read for

# Files for programs: what is in their strings is what was there.
EXACT = ("codequality", "html", "json", "junit", "sarif")
COMMAND = re.compile(r"^\s*::([a-z-]+)( [^:]*)?::")


def check_log(name, text, allowed):
    """As GitHub's runner, Azure's agent and TeamCity's read a line (actions/runner, ActionCommand.cs)."""
    for line in text.split("\n"):
        command = COMMAND.match(line)
        if command:
            expect(command.group(1) in allowed, f"{name}: the command {line[:100]!r}")
        expect(not re.search(r"##(\[|vso\[)", line), f"{name}: a command in {line[:100]!r}")
        if "##teamcity[" in line:
            expect("teamcity" in allowed and line.startswith("##teamcity[") and line.count("##teamcity[") == 1,
                   f"{name}: a service message in {line[:100]!r}")
        if name in ("github", "teamcity", "text"):
            expect(not re.match(r"\S+\.go:\d+", line), f"{name}: a position at the head of {line[:100]!r}")


def check_github(text):
    properties = {"file", "line", "col", "endColumn", "endLine", "title"}
    errors = 0
    for line in text.splitlines():
        match = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line)
        expect(match, f"github: no command: {line[:100]!r}")
        if not match:
            continue
        errors += match.group(1) == "error"
        pairs = [pair.partition("=") for pair in match.group(2).split(",")]
        expect({pair[0] for pair in pairs} <= properties, f"github: properties of {line[:100]!r}")
        expect(len({pair[0] for pair in pairs}) == len(pairs), f"github: a property twice: {line[:100]!r}")
        for _, _, value in pairs:
            expect(not re.search("%(?!25|3A|2C)", value), f"github: {value!r}")
        expect(not re.search("%(?!25|0A)", match.group(3)), f"github: {match.group(3)[:100]!r}")
        given = dict((key, value) for key, _, value in pairs)
        expect(("line" in given) <= ("file" in given), f"github: a line without a file: {line[:100]!r}")
    wanted = new + not_analysed + (1 if not_analysed else 0)
    expect(errors == min(wanted, 10), f"github: {errors} errors, {wanted} wanted")
    expect((wanted > 10) == ("more, which GitHub would not show" in text), "github: what is left out is not told")


def check_teamcity(text):
    value = r"'(?:\|[n'|\[\]]|\|0x[0-9A-F]{4}|[ -&(-Z\\^-{}~])*'"
    message = re.compile(rf"##teamcity\[(\w+)((?: \w+={value})+)\]")
    told, found = set(), 0
    for line in text.splitlines():
        match = message.fullmatch(line)
        expect(match, f"teamcity: no service message: {line[:100]!r}")
        if not match:
            continue
        attributes = dict(re.findall(rf"(\w+)=({value})", match.group(2)))
        if match.group(1) == "inspectionType":
            told.add(attributes["id"])
        if match.group(1) == "inspection":
            found += 1
            expect(attributes["typeId"] in told, "teamcity: an inspection of a type that was not told")
            expect(len(attributes["message"]) < 24000, "teamcity: a long message")
    expect(found == new, f"teamcity: {found} inspections")
    expect(("buildProblem" in text) == (new + not_analysed > 0), "teamcity: the verdict")
    if not_analysed:
        expect("was not analysed" in text or "could not be analysed" in text, "teamcity: what was not analysed")


def check_concise(text):
    lines = text.splitlines()
    found = [line for line in lines if re.match(r"\./.*?:\d+:\d+: (new heap escape|calls allocate now)", line)]
    expect(len(found) == new, f"concise: {len(found)} of {new}")
    expect(sum("was not analysed" in line for line in lines) == not_analysed, "concise: what was not analysed")


# --- documents


def check_csv(text):
    rows = list(csv.DictReader(text.splitlines(keepends=True), strict=True))
    expect(all(None not in row and None not in row.values() for row in rows), "csv: fields without a name")
    expect(sum(row["state"] == "new" and row["allocates"] != "no" for row in rows) == new, "csv: new ones")
    expect(sum(row["state"] == "not-analysed" for row in rows) == not_analysed, "csv: what was not analysed")
    for row in rows:
        for value in row.values():
            expect(not re.match(r"[=+\-@\t]", value), f"csv: a formula: {value[:50]!r}")
            expect("\n" not in value, "csv: a line end in a field")


def check_codequality(text):
    schema = read_schema("gitlab-codeclimate.json")
    entries = json.loads(text)
    for entry in entries:
        validate(schema, "codequality", entry)
        expect(entry["severity"] in ("info", "minor", "major", "critical", "blocker"), "codequality: severity")
        expect(entry["check_name"] and entry["description"], "codequality: empty text")
        path = entry["location"]["path"]
        expect(path and not path.startswith(("./", "/")), f"codequality: {path!r}")
        expect(entry["location"]["lines"]["begin"] >= 1, "codequality: lines")
        expect(not re.search("[\x00-\x1f\u202e]", entry["description"]), "codequality: a description")
    names = [entry["fingerprint"] for entry in entries]
    expect(len(set(names)) == len(names), "codequality: fingerprints are not unique")
    expect(sum(e["severity"] == "major" for e in entries) == new, "codequality: new ones")
    expect(sum(e["severity"] == "blocker" for e in entries) == not_analysed, "codequality: what was not analysed")


def check_metrics(text):
    expect(text.endswith("# EOF\n"), "metrics: no end")
    try:
        from prometheus_client.openmetrics.parser import text_string_to_metric_families
    except ImportError as missing:
        return skip(f"no reader of OpenMetrics: {missing}")
    families = {family.name: family for family in text_string_to_metric_families(text)}
    expect(families["heapwarden_packages_not_analysed"].samples[0].value == not_analysed, "metrics: not analysed")
    expect(families["heapwarden_new_escapes"].samples[0].value <= new, "metrics: new ones")
    packages = [s.labels["package"] for s in families["heapwarden_package_escapes"].samples]
    expect(len(set(packages)) == len(packages), "metrics: packages")
    return None


def line_hashes(text):
    """GitHub's primaryLocationLineHash of each line, by its definition (github/codeql-action, src/fingerprints.ts)."""
    units, starts, hashes, seen = [], [], [], {}
    lines = re.sub("\r\n?", "\n", text).split("\n")
    for number, line in enumerate(lines):
        starts.append(len(units))
        coded = re.sub("[ \t]", "", line).encode("utf-16-le")
        units += [coded[i] | coded[i + 1] << 8 for i in range(0, len(coded), 2)]
        units.append(10 if number + 1 < len(lines) else 65535)
    units += [0] * 100
    for start in starts:
        value = 0
        for unit in units[start:start + 100]:
            value = (value * 37 + unit) % 2**64
        seen[value] = seen.get(value, 0) + 1
        hashes.append(f"{value:x}:{seen[value]}")
    return hashes


def check_region(result, text):
    """Of a file that is there: the region is the expression, in UTF-16 units, and the line has GitHub's name."""
    region = result["locations"][0]["physicalLocation"]["region"]
    line = text.split("\n")[region["startLine"] - 1]
    coded = line.encode("utf-16-le")
    part = coded[2 * region["startColumn"] - 2:2 * region["endColumn"] - 2].decode("utf-16-le")
    if "startColumn" in region and "new(int)" in result["message"]["text"]:
        expect(part == "new(int)", f"sarif: the region is {part!r}")
    name = result["partialFingerprints"].get("primaryLocationLineHash")
    expect(name == line_hashes(text)[region["startLine"] - 1], "sarif: the hash of a line is not GitHub's")


def check_result(result, rules):
    rule = rules[result["ruleIndex"]]
    text = result["message"]["text"]
    expect(rule["id"] == result["ruleId"], "sarif: the index of a rule")
    expect(text and len(text) < 20000 and "](" not in text, f"sarif: {text[:80]!r}")
    expect(not re.search("[\x00-\x1f\u202e]", text), f"sarif: {text[:80]!r}")
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    uri = location["uri"]
    expect(location["uriBaseId"] == "%SRCROOT%", "sarif: the base of a path")
    expect(re.fullmatch(r"(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+", uri), f"sarif: no URI: {uri!r}")
    path = urllib.parse.unquote(uri)
    expect(path in files, f"sarif: a file that is not there: {path!r}")
    state = result.get("baselineState", "new")
    if os.path.exists(path) and state == "new" and result["level"] == "error":
        with open(path, encoding="utf-8", newline="") as file:
            check_region(result, file.read())


def check_sarif(text):
    document = json.loads(text)
    validate(read_schema("sarif-schema-2.1.0.json"), "sarif", document)
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        expect(0 < len(rule["shortDescription"]["text"]) <= 1024, "sarif: a rule's description")
        expect(0 < len(rule["fullDescription"]["text"]) <= 1024 and rule["help"]["text"], "sarif: a rule's help")
    for result in run["results"]:
        check_result(result, rules)
    counted = [r for r in run["results"] if r["level"] == "error"]
    expect(len(counted) == new, f"sarif: {len(counted)} of {new}")
    invocation = run["invocations"][0]
    expect(invocation["executionSuccessful"] == (not_analysed == 0), "sarif: whether all went well")
    told = [n for n in invocation["toolExecutionNotifications"] if "not analysed" in n["message"]["text"]]
    expect(len(told) == not_analysed, "sarif: what was not analysed")
    check_multitool(f"{directory}/report.sarif")


GITHUB_RULES = """GH1001.ProvideRequiredLocationProperties GH1002.InlineThreadFlowLocations
GH1003.ProvideRequiredRegionProperties GH1004.ReviewArraysThatExceedConfigurableDefaults
GH1005.LocationsMustBeRelativeUrisOrFilePaths GH1006.ProvideCheckoutPath GH1007.ProvideFullyFormattedMessageStrings"""


def check_multitool(path):
    """Microsoft's validator with GitHub's rules. It ends with 0 whatever it finds: its own report tells."""
    tool = (f"{os.environ.get('CONSUMERS', root + '/build/consumers')}"
            "/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool")
    if not os.path.exists(tool):
        return skip("no sarif-multitool (scripts/setup installs it where there is npm)")
    config, output = path + ".config.xml", path + ".found"
    with open(config, "w", encoding="utf-8") as file:
        file.write("<?xml version='1.0' encoding='utf-8'?>\n<Properties>\n")
        for rule in GITHUB_RULES.split():
            file.write(f"<Properties Key='{rule}.Options'><Property Key='RuleEnabled' Value='Error' /></Properties>\n")
        file.write("</Properties>\n")
    environment = dict(os.environ, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
    subprocess.run([tool, "validate", path, "--rule-kind", "Sarif;Ghas", "--config", config, "--output", output,
                    "--log", "ForceOverwrite", "--level", "Error;Warning"], env=environment, check=False,
                   stdout=subprocess.DEVNULL)
    with open(output, encoding="utf-8-sig") as file:
        found = json.load(file)["runs"][0]["results"]
    # There is no page about heapwarden to name.
    for result in found:
        expect(result["ruleId"] == "SARIF2005", f"sarif-multitool: {result['ruleId']} {result['message']}")
    expect(found, "sarif-multitool: it found nothing at all, not even what is missing")
    return None


class Page(html.parser.HTMLParser):
    """Which elements a page has, which addresses it leads to, and its text outside of code."""

    def __init__(self):
        super().__init__()
        self.tags, self.links, self.words, self.code = set(), [], "", 0

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") or name.startswith("on")]
        self.code += tag in ("code", "pre")

    def handle_endtag(self, tag):
        self.code -= tag in ("code", "pre")

    def handle_data(self, data):
        if not self.code:
            self.words += data


OURS = set("h3 p strong table thead tbody tr th td details summary pre code ol ul li br".split())


def check_markdown(name, text, most):
    expect(len(text.encode()) <= most, f"{name}: {len(text)} characters")
    if name == "markdown":
        expect(text.startswith("<!-- heapwarden -->\n"), "markdown: the marker is not first")
    if new:
        shown = text.count("<details><summary><code>")
        more = re.search(r"\*\*(\d+) more\*\* of the", text)
        expect(shown + int(more.group(1) if more else 0) == new, f"{name}: new ones")
    expect(text.count("<summary>Not analysed in the") == not_analysed, f"{name}: what was not analysed")
    if not shutil.which("cmark-gfm"):
        return skip("no cmark-gfm to render Markdown with")
    rendered = subprocess.run(["cmark-gfm", "--unsafe", "-e", "autolink", "-e", "table", "-e", "strikethrough"],
                              input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    page = Page()
    page.feed(rendered)
    expect(page.tags <= OURS, f"{name}: elements {page.tags - OURS}")
    expect(not page.links, f"{name}: leads to {page.links[:3]}")
    expect(not re.search(r"@[a-z]|#\d|https?://|www\.", page.words),
           f"{name}: in words: {re.findall('.{20}(?:@[a-z]|#[0-9]|https?://|www[.]).{20}', page.words)[:3]}")
    expect(page.code == 0, f"{name}: code that is not ended")
    return None


def check_junit(text):
    tree = xml.etree.ElementTree.fromstring(text)
    cases = list(tree.iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None]
    expect(bool(failed) == (new > 0), "junit: failures")
    expect(sum(case.find("error") is not None for case in cases) == not_analysed, "junit: errors")
    extended = "tests" in tree.attrib
    for case in failed:
        expect(("file" in case.attrib and case.attrib["line"].isdigit()) == extended, f"junit: {case.attrib}")
        ids = [p.attrib["value"] for p in case.iter("property") if p.attrib["name"] == "escape.id"]
        expect(bool(ids) == extended and all(i in "".join(case.itertext()) for i in ids), "junit: properties")
    if extended:
        expect(int(tree.attrib["tests"]) == len(cases), "junit: the number of tests")
        expect(int(tree.attrib["failures"]) == len(failed), "junit: the number of failures")
    for schema in () if extended else ("jenkins-junit-10.xsd", "windyroad-JUnit.xsd"):
        if not os.path.exists(schemas + schema):
            skip(f"no {schema} to validate against")
        elif subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schemas + schema,
                             f"{directory}/report.junit"], stderr=subprocess.DEVNULL, check=False).returncode:
            failures.append(f"junit: not valid against {schema}")
    check_gitlab(len(failed))
    if text.isascii():  # it guesses an encoding of its own, whatever the document says
        check_xunit_viewer(len(failed))


GITLAB = r"""
require 'logger'
require 'active_support'
require 'active_support/core_ext/hash/conversions'
suites = Hash.from_xml(File.read(ARGV[0]))['testsuites']['testsuite']
cases = [suites].flatten.flat_map { |suite| [suite['testcase']].flatten }
failed = cases.select { |test| test['failure'] }
abort 'a failure without text' unless failed.all? { |test| test['failure'].is_a?(String) && !test['failure'].empty? }
keys = cases.map { |test| [test['classname'], test['name']] }
abort 'cases of one name' unless keys.uniq.length == keys.length
puts failed.length
"""


def check_gitlab(failed):
    """GitLab's reader of JUnit is ActiveSupport's Hash.from_xml (lib/gitlab/ci/parsers/test/junit.rb)."""
    if not shutil.which("ruby") or subprocess.run(["ruby", "-e", "require 'active_support'"], check=False,
                                                  stderr=subprocess.DEVNULL).returncode:
        return skip("no ruby with ActiveSupport to read JUnit as GitLab does")
    run = subprocess.run(["ruby", "-e", GITLAB, f"{directory}/report.junit"], check=False, stdout=subprocess.PIPE)
    expect(run.returncode == 0 and int(run.stdout or -1) == failed, "junit: GitLab reads something else")
    return None


def check_xunit_viewer(failed):
    tool = f"{os.environ.get('CONSUMERS', root + '/build/consumers')}/node_modules/.bin/xunit-viewer"
    if not os.path.exists(tool):
        return skip("no xunit-viewer (scripts/setup installs it where there is npm)")
    run = subprocess.run([tool, "-r", f"{directory}/report.junit", "-c", "-n"], check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = run.stdout.decode("utf-8", "replace")
    expect(run.returncode == 0, f"xunit-viewer: {output[-200:]}")
    found = re.search(r"(\d+) fail", output)
    expect(int(found.group(1) if found else 0) == failed, f"xunit-viewer: {output[:300]!r}")
    return None


logs = {"github": {"error", "warning"}, "teamcity": {"teamcity"}}
with open(f"{directory}/report.json", encoding="utf-8") as file:
    files = {finding["file"] for finding in json.load(file)["findings"]}
texts = {name[len("report."):]: read(name[len("report."):]) for name in sorted(os.listdir(directory))
         if re.fullmatch(r"report\.[a-z-]+", name)}
for name in texts.keys() - EXACT:
    check_log(name, texts[name], logs.get(name, set()))
check_github(texts["github"])
check_teamcity(texts["teamcity"])
check_concise(texts["concise"])
check_csv(open(f"{directory}/report.csv", encoding="utf-8", newline="").read())
check_codequality(texts["codequality"])
check_metrics(texts["metrics"])
check_sarif(texts["sarif"])
check_markdown("markdown", texts["markdown"], 65536)
check_markdown("github-summary", texts["github-summary"], 1 << 20)
check_junit(texts["junit"])
for failure in failures[:30]:
    print(f"FAILED: {failure}")
sys.exit(bool(failures))
