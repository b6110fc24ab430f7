// Tags, reports made of them, programs that write them, and the summary.

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "summary.hpp"
#include "test_run.hpp"

namespace nt {
namespace {

using Results = std::vector<TestResult>;

/// Every tag as `name text`, with its attributes.
std::vector<std::string> tags_in(const std::vector<std::string>& pieces) {
  TagReader reader;
  std::vector<std::string> found;
  for (const std::string& piece : pieces) {
    reader.feed(piece);
    while (const auto tag = reader.next()) {
      std::string text = tag->name + (tag->is_empty ? "/" : "");
      for (const auto& [name, value] : tag->attributes) text += " " + name + "=" + value;
      found.push_back(text + (tag->text.empty() ? "" : ": " + tag->text));
    }
  }
  return found;
}

std::vector<std::string> letters(const std::string& text) {
  std::vector<std::string> all;
  for (const char letter : text) all.emplace_back(1, letter);
  return all;
}

using Texts = std::vector<std::string>;

TEST_CASE("a tag has a name, attributes, and the text before it", "[stage_16][16.5]") {
  CHECK(tags_in({"<Test name=\"x\" line=\"3\">words<Empty/></Test>"}) ==
        Texts{"Test line=3 name=x", "Empty/: words", "/Test"});
  CHECK(tags_in({"<A><B c=\"\"/></A>"}) == Texts{"A", "B/ c=", "/A"});
}

TEST_CASE("tags that come in pieces are told when they are whole", "[stage_16][16.5]") {
  const std::string report = "<Test name=\"a b\">some words</Test>";
  CHECK(tags_in(letters(report)) == tags_in({report}));
  TagReader reader;
  reader.feed("text<Test na");
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.next());
  reader.feed("me=\"x\"");
  CHECK_FALSE(reader.next());
  reader.feed(">");
  const std::optional<Tag> tag = reader.next();
  REQUIRE(tag);
  CHECK(tag->name == "Test");
  CHECK(tag->text == "text");
  CHECK_FALSE(reader.next());
}

TEST_CASE("signs within quotes end no tag, and entities are what they stand for",
          "[stage_16][16.5]") {
  CHECK(tags_in({"<Test name=\"a > b &lt; c\">&quot;x&quot; &amp;lt; 2</Test>"}) ==
        Texts{"Test name=a > b < c", "/Test: \"x\" &lt; 2"});
}

TEST_CASE("entities are what they stand for, and others stay", "[stage_16]") {
  CHECK(without_entities("&lt;&gt;&amp;&quot;&apos;&#x41;&#xA;") == "<>&\"'A\n");
  CHECK(without_entities("&unknown; & &#; x") == "&unknown; & &#; x");
}

/// What is told of a report, given whole.
Results results_of(const Texts& pieces, const std::string& how = "stopped") {
  Results results;
  ReportReader reader([&](const TestResult& test) { results.push_back(test); });
  for (const std::string& piece : pieces) reader.feed(piece);
  reader.end(how);
  return results;
}

const std::string kPassing =
    "<TestCase name=\"fine\" tags=\"[ops][slow]\" filename=\"/a/b.cpp\" line=\"1\">"
    "<OverallResult success=\"true\" durationInSeconds=\"0.25\"/></TestCase>";
const std::string kFailing =
    "<TestCase name=\"broken\" tags=\"[graphs]\" filename=\"/a/b.cpp\" line=\"9\">"
    "<Expression success=\"true\" type=\"CHECK\" filename=\"/a/b.cpp\" line=\"10\">"
    "<Original> a == a </Original><Expanded> 1 == 1 </Expanded></Expression>"
    "<Expression success=\"false\" type=\"CHECK\" filename=\"/a/b.cpp\" line=\"11\">"
    "<Original>\n a == b\n</Original><Expanded>\n 1 == 2\n</Expanded></Expression>"
    "<OverallResult success=\"false\" durationInSeconds=\"1.5\"/></TestCase>";
const std::string kEnd = "<OverallResultsCases successes=\"1\" failures=\"1\"/></Catch>";

TEST_CASE("a report tells of each test its area, its time and what failed", "[stage_16][16.5]") {
  for (const Texts& pieces :
       {Texts{kPassing + kFailing + kEnd}, letters(kPassing + kFailing + kEnd)}) {
    const Results results = results_of(pieces);
    REQUIRE(results.size() == 2);
    CHECK(results[0].name == "fine");
    CHECK(results[0].area == "ops");
    CHECK(results[0].seconds == 0.25);
    CHECK(results[0].passed());
    CHECK(results[1].area == "graphs");
    CHECK(results[1].seconds == 1.5);
    CHECK(results[1].failures == Texts{"b.cpp:11: a == b: 1 == 2"});
  }
}

TEST_CASE("exceptions and failures without a reason are told as well", "[stage_16][16.5]") {
  const std::string begin = "<TestCase name=\"x\" tags=\"[ops]\">";
  const std::string end = "<OverallResult success=\"false\"/></TestCase>";
  const std::string thrown =
      "<Exception filename=\"/a/b.cpp\" line=\"7\">\n thrown here\n</Exception>";
  CHECK(results_of({begin + thrown + end + kEnd})[0].failures == Texts{"b.cpp:7: thrown here"});
  CHECK(results_of({begin + end + kEnd})[0].failures ==
        Texts{"fails, and the report does not say why"});
}

TEST_CASE("a report that breaks off fails in the test that was running", "[stage_16][16.5]") {
  const Results within =
      results_of({kPassing, "<TestCase name=\"x\" tags=\"[ops]\"><Info>"}, "died");
  REQUIRE(within.size() == 2);
  CHECK(within[1].name == "x");
  CHECK(within[1].failures == Texts{"died"});
  const Results between = results_of({kPassing}, "died");
  REQUIRE(between.size() == 2);
  CHECK(between[1].name == "the program");
  CHECK(between[1].failures == Texts{"died"});
  CHECK(results_of({}, "died").size() == 1);  // nothing came at all
  CHECK(results_of({kPassing, kEnd}, "died").size() == 1);
}

// What run_tests finds when it runs this program: three tests that nobody else does.
TEST_CASE("a sample that passes", "[.sample]") { CHECK(1 == 1); }
TEST_CASE("a sample that fails", "[.sample]") { CHECK(1 == 2); }
TEST_CASE("a sample that ends the program", "[.deadly]") { std::raise(SIGKILL); }
TEST_CASE("a sample that leaves the program", "[.leaving]") { std::_Exit(3); }

Results run_this_program(const std::string& tag) {
  Results results;
  run_tests(std::filesystem::read_symlink("/proc/self/exe"), {tag},
            [&](const TestResult& test) { results.push_back(test); });
  return results;
}

TEST_CASE("a program's tests are run and told one by one", "[stage_16][16.5]") {
  const Results results = run_this_program("[sample]");
  REQUIRE(results.size() == 2);
  CHECK(results[0].name == "a sample that passes");
  CHECK(results[0].passed());
  CHECK(results[1].name == "a sample that fails");
  REQUIRE(results[1].failures.size() == 1);
  CHECK_THAT(results[1].failures[0], contains_text("1 == 2"));
}

TEST_CASE("a program that dies fails in the test that killed it", "[stage_16][16.5]") {
  const Results killed = run_this_program("[deadly]");
  REQUIRE(killed.size() == 1);
  CHECK(killed[0].name == "a sample that ends the program");
  CHECK(killed[0].failures == Texts{"the program was ended by a signal: Killed"});
  const Results left = run_this_program("[leaving]");
  REQUIRE(left.size() == 1);
  CHECK(left[0].failures == Texts{"the program stopped with status 3 before its report was whole"});
}

TEST_CASE("a program that is not there is named", "[stage_16]") {
  CHECK_THROWS_WITH(run_tests("/nowhere/suite", {}, {}),
                    "/nowhere/suite: cannot be run: No such file or directory");
}

TEST_CASE("an error of whoever listens ends the program that is run", "[stage_16][16.5]") {
  const auto refuse = [](const TestResult&) { throw Interrupted(); };
  CHECK_THROWS_AS(run_tests(std::filesystem::read_symlink("/proc/self/exe"), {"[sample]"}, refuse),
                  Interrupted);
}

TEST_CASE("tests are counted by area, in the order in which areas appear", "[stage_16][16.6]") {
  const Results tests{{"a", "ops", 1, {}},
                      {"b", "graphs", 2, {}},
                      {"c", "ops", 4, {"x", "y"}},
                      {"d", "graphs", 8, {"z"}},
                      {"e", "graphs", 16, {"z"}}};
  const std::vector<Area> areas = by_area(tests);
  REQUIRE(areas.size() == 2);
  CHECK(areas[0].name == "ops");
  CHECK(areas[0].tests == 2);
  CHECK(areas[0].failed == 1);  // a test with two failures is one
  CHECK(areas[0].seconds == 5);
  CHECK(areas[1].name == "graphs");
  CHECK(areas[1].tests == 3);
  CHECK(areas[1].failed == 2);
  CHECK(areas[1].seconds == 26);
}

TEST_CASE("no tests have no area, and a test without one has its own", "[stage_16][16.6]") {
  CHECK(by_area({}).empty());
  const std::vector<Area> areas = by_area({{"a", "", 1, {}}});
  REQUIRE(areas.size() == 1);
  CHECK(areas[0].name.empty());
  CHECK(areas[0].tests == 1);
}

TEST_CASE("the slowest come first, and equals in their order", "[stage_16]") {
  const Results tests{{"a", "", 1, {}}, {"b", "", 3, {}}, {"c", "", 2, {}}, {"d", "", 3, {}}};
  const auto names = [&](std::size_t count) {
    Texts all;
    for (const TestResult& test : slowest(tests, count)) all.push_back(test.name);
    return all;
  };
  CHECK(names(3) == Texts{"b", "d", "c"});
  CHECK(names(0).empty());
  CHECK(names(9) == Texts{"b", "d", "c", "a"});
}

}  // namespace
}  // namespace nt
