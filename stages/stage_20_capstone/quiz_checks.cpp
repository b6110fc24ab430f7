// The quiz: which digits, whose answers, what score.

#include <set>
#include <sstream>

#include "check/catch.hpp"
#include "gathered.hpp"
#include "quiz.hpp"

namespace nt {
namespace {

struct Played {
  QuizScore score;
  std::string said;
};

/// Plays with the first two images of gathered(): a 0 that the model reads, and a 4 that it takes
/// for a 9.
Played played(const std::string& answers) {
  const Capstone capstone = gathered();
  std::istringstream lines(answers);
  std::string said;
  const QuizScore score = play_quiz(capstone.test, capstone.reading, {0, 1}, lines,
                                    [&](const std::string& text) { said += text; });
  return {score, said};
}

TEST_CASE("the quiz keeps the score of both", "[stage_20]") {
  const Played both = played("0\n4\n");
  CHECK(both.score == QuizScore{2, 2, 1});
  CHECK_THAT(both.said, contains_text("1 of 2: which digit is it? "));
  CHECK_THAT(both.said, contains_text("you say 0, the model says 0 (90 % sure), it is a 0\n"));
  CHECK_THAT(both.said, contains_text("you say 4, the model says 9 (50 % sure), it is a 4\n"));
  CHECK_THAT(both.said, contains_text("of 2 digits you read 2 rightly, the model 1\n"));
  CHECK(played("1\n9\n").score == QuizScore{2, 0, 1});
}

TEST_CASE("what is no digit is asked for again, and counts for nobody", "[stage_20]") {
  const Played again = played("seven\n\n12\n-1\n 0 \r\n4\n");
  CHECK(again.score == QuizScore{2, 2, 1});
  CHECK_THAT(again.said, contains_text("a digit from 0 to 9, please"));
}

TEST_CASE("the end of the answers ends the quiz", "[stage_20]") {
  CHECK(played("0\n").score == QuizScore{1, 1, 1});
  CHECK(played("").score == QuizScore{0, 0, 0});
  CHECK(played("4").score == QuizScore{1, 0, 1});  // a last line without its end
}

/// Twenty images, of which the first `wrong` are read wrongly.
struct Read {
  TestReading reading;
  Labels labels;
};

Read twenty(std::size_t wrong) {
  Read read{{std::vector<std::int32_t>(20, 1), std::vector<float>(20, 1), {}}, Labels(20, 1)};
  std::fill_n(read.reading.read.begin(), wrong, 2);
  read.reading.confusion = confusion_of(read.reading.read, read.labels, 10);
  return read;
}

TEST_CASE("every second question is one that the model answers wrongly", "[stage_20]") {
  const auto [reading, labels] = twenty(5);
  const std::vector<std::int64_t> chosen = quiz_positions(reading, labels, 10, 1);
  REQUIRE(chosen.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) CHECK((chosen[i] < 5) == (i % 2 == 1));
  CHECK(std::set<std::int64_t>(chosen.begin(), chosen.end()).size() == 10);
  CHECK(quiz_positions(reading, labels, 10, 1) == chosen);
  CHECK(quiz_positions(reading, labels, 10, 2) != chosen);
}

TEST_CASE("a quiz is never longer than there are images", "[stage_20]") {
  for (const std::size_t wrong : {0U, 1U, 19U, 20U}) {
    const auto [reading, labels] = twenty(wrong);
    const std::vector<std::int64_t> chosen = quiz_positions(reading, labels, 1000, 1);
    CHECK(std::set<std::int64_t>(chosen.begin(), chosen.end()).size() == 20);
    CHECK(quiz_positions(reading, labels, 0, 1).empty());
  }
}

}  // namespace
}  // namespace nt
