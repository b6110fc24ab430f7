#include "quiz.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <optional>

#include "core/random.hpp"
#include "terminal/digit.hpp"

namespace nt {
namespace {

using Say = std::function<void(const std::string&)>;

/// The digit that the reader answers; nothing at the end.
std::optional<std::int32_t> asked(std::istream& answers, const Say& say) {
  for (std::string line; std::getline(answers, line);) {
    std::erase_if(line, [](char letter) { return letter == ' ' || letter == '\r'; });
    if (line.size() == 1 && line[0] >= '0' && line[0] <= '9') return line[0] - '0';
    say("a digit from 0 to 9, please (Ctrl-D ends the quiz): ");
  }
  return {};
}

std::string picture(const ImageSet& images, std::int64_t position) {
  const std::vector<std::int64_t> one{position};
  const std::int64_t S = images.shape[1];
  return draw({{{{S, S}, images_at(images, one).values}, ""}}, -1, 1);
}

}  // namespace

std::vector<std::int64_t> quiz_positions(const TestReading& reading, const Labels& labels,
                                         std::int64_t count, std::int64_t seed) {
  Random random(static_cast<std::uint64_t>(seed));
  std::vector<std::int64_t> right;
  std::vector<std::int64_t> wrong;
  for (const std::int64_t position : random.permutation(reading.images())) {
    const auto at = static_cast<std::size_t>(position);
    (reading.read[at] == labels[at] ? right : wrong).push_back(position);
  }
  std::vector<std::int64_t> chosen;
  while (std::ssize(chosen) < count && !(right.empty() && wrong.empty())) {
    const bool turn_of_wrong = chosen.size() % 2 == 1;
    auto& from = right.empty() || (turn_of_wrong && !wrong.empty()) ? wrong : right;
    chosen.push_back(from.back());
    from.pop_back();
  }
  return chosen;
}

QuizScore play_quiz(const ImageSet& images, const TestReading& reading,
                    const std::vector<std::int64_t>& positions, std::istream& answers,
                    const Say& say) {
  QuizScore score;
  for (const std::int64_t position : positions) {
    say(fmt::format("\n{}\n{} of {}: which digit is it? ", picture(images, position),
                    score.asked + 1, positions.size()));
    const std::optional<std::int32_t> answer = asked(answers, say);
    if (!answer) break;
    const auto at = static_cast<std::size_t>(position);
    const std::int32_t label = images.labels[at];
    ++score.asked;
    score.reader += *answer == label ? 1 : 0;
    score.model += reading.read[at] == label ? 1 : 0;
    say(fmt::format("you say {}, the model says {} ({:.0f} % sure), it is a {}\n", *answer,
                    reading.read[at], 100 * reading.certainty[at], label));
  }
  say(fmt::format("\nof {} digits you read {} rightly, the model {}\n", score.asked, score.reader,
                  score.model));
  return score;
}

}  // namespace nt
