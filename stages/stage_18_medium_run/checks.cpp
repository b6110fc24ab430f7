// The confusion matrix. Charts are checked in chart_checks.cpp, pages in page_checks.cpp, what is
// measured and reported in run_checks.cpp.

#include "check/catch.hpp"
#include "confusion.hpp"
#include "core/errors.hpp"
#include "core/random.hpp"

namespace nt {
namespace {

using Answers = std::vector<std::int32_t>;

/// Answers and labels of 0 to classes - 1, drawn at random.
Answers drawn(std::size_t count, std::int64_t classes, std::uint64_t seed) {
  Random random(seed);
  Answers answers;
  while (answers.size() < count) {
    answers.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(classes))));
  }
  return answers;
}

TEST_CASE("a row of the matrix is a label, a column an answer", "[stage_18][18.1]") {
  //                                      read             labels
  const ConfusionMatrix matrix = confusion_of({0, 1, 1, 2, 1}, {0, 0, 0, 1, 1}, 3);
  CHECK(matrix.classes == 3);
  CHECK(matrix.counts == std::vector<std::int64_t>{1, 2, 0,    // of the zeros two are read as ones
                                                   0, 1, 1,    // of the ones one as a two
                                                   0, 0, 0});  // and there are no twos
  CHECK(matrix.at(0, 1) == 2);
  CHECK(matrix.at(1, 0) == 0);
  CHECK(matrix.right() == 2);
  CHECK(matrix.images() == 5);
}

TEST_CASE("rows add up to the labels, columns to the answers, the diagonal to what is right",
          "[stage_18][18.1]") {
  for (const std::int64_t classes : {1, 2, 3, 10}) {
    for (const std::size_t count : {0U, 1U, 7U, 1000U}) {
      CAPTURE(classes, count);
      const Answers read = drawn(count, classes, 1), labels = drawn(count, classes, 2);
      const ConfusionMatrix matrix = confusion_of(read, labels, classes);
      std::int64_t right = 0;
      for (std::size_t i = 0; i < count; ++i) right += read[i] == labels[i] ? 1 : 0;
      CHECK(matrix.right() == right);
      CHECK(matrix.images() == static_cast<std::int64_t>(count));
      for (std::int64_t c = 0; c < classes; ++c) {
        CHECK(matrix.images_of(c) == std::ranges::count(labels, c));
        CHECK(matrix.read_as(c) == std::ranges::count(read, c));
      }
    }
  }
}

TEST_CASE("exchanging answers and labels turns the matrix over", "[stage_18][18.1]") {
  const Answers read = drawn(200, 4, 3), labels = drawn(200, 4, 4);
  const ConfusionMatrix matrix = confusion_of(read, labels, 4);
  const ConfusionMatrix turned = confusion_of(labels, read, 4);
  CHECK_FALSE(matrix == turned);
  for (std::int64_t i = 0; i < 4; ++i) {
    for (std::int64_t j = 0; j < 4; ++j) CHECK(matrix.at(i, j) == turned.at(j, i));
  }
}

TEST_CASE("answers without a label and numbers that are no class are refused", "[stage_18]") {
  CHECK_THROWS_WITH(confusion_of({1, 2, 3}, {1, 2}, 10),
                    "confusion: there are 3 answers and 2 labels");
  CHECK_THROWS_WITH(confusion_of({9, 10}, {0, 0}, 10),
                    "confusion: answer 1 is 10: there are 10 classes");
  CHECK_THROWS_WITH(confusion_of({-1}, {0}, 10), "confusion: answer 0 is -1: there are 10 classes");
  CHECK_THROWS_WITH(confusion_of({0, 0}, {0, 3}, 3),
                    "confusion: label 1 is 3: there are 3 classes");
}

TEST_CASE("the most frequent mistake comes first", "[stage_18][18.2]") {
  const ConfusionMatrix matrix{3,
                               {50, 2, 0,  //
                                7, 60, 3,  //
                                0, 9, 70}};
  CHECK(most_confused(matrix, 10) ==
        std::vector<Confused>{{2, 1, 9}, {1, 0, 7}, {1, 2, 3}, {0, 1, 2}});
  CHECK(most_confused(matrix, 2) == std::vector<Confused>{{2, 1, 9}, {1, 0, 7}});
  CHECK(most_confused(matrix, 0).empty());
}

TEST_CASE("of equally frequent mistakes the smaller label comes first, then the smaller answer",
          "[stage_18][18.2]") {
  const ConfusionMatrix matrix{3,
                               {0, 4, 4,  //
                                5, 0, 4,  //
                                4, 5, 0}};
  CHECK(most_confused(matrix, 6) ==
        std::vector<Confused>{{1, 0, 5}, {2, 1, 5}, {0, 1, 4}, {0, 2, 4}, {1, 2, 4}, {2, 0, 4}});
}

TEST_CASE("a stable order holds among many", "[stage_18][18.2]") {
  // 16 elements and fewer are sorted by insertion, which is stable anyway.
  const ConfusionMatrix matrix{6, std::vector<std::int64_t>(36, 1)};
  const std::vector<Confused> kinds = most_confused(matrix, 100);
  REQUIRE(kinds.size() == 30);
  std::size_t next = 0;
  for (std::int64_t label = 0; label < 6; ++label) {
    for (std::int64_t read = 0; read < 6; ++read) {
      if (label != read) CHECK(kinds[next++] == Confused{label, read, 1});
    }
  }
}

TEST_CASE("what is right and what never happened is no mistake", "[stage_18][18.2]") {
  CHECK(most_confused({2, {10, 0, 0, 20}}, 5).empty());
  CHECK(most_confused({1, {3}}, 5).empty());
  CHECK(most_confused({}, 5).empty());
}

}  // namespace
}  // namespace nt
