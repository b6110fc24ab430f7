#include "answers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "core/errors.hpp"
#include "json_reader.hpp"
#include "program/program.hpp"

namespace nt {

HostArray logits_of(const TinyVit& model, const ImageSet& images) {
  constexpr std::int64_t kTokens = 2500;  // at once: 50 images of the baseline's model
  const std::int64_t part = std::max(std::int64_t{1}, kTokens / model.config.tokens());
  std::vector<std::int64_t> positions(static_cast<std::size_t>(images.count()));
  std::iota(positions.begin(), positions.end(), 0);
  HostArray logits{{images.count(), model.config.classes}, {}};
  for (std::span left(std::as_const(positions)); !left.empty();) {
    const auto now = left.first(std::min(left.size(), static_cast<std::size_t>(part)));
    const HostArray some = model(Tensor(op::array(images_at(images, now)))).data().host();
    logits.values.insert(logits.values.end(), some.values.begin(), some.values.end());
    left = left.subspan(now.size());
    stop_if_interrupted();
  }
  return logits;
}

std::vector<std::int32_t> classes_of(const HostArray& logits) {
  std::vector<std::int32_t> classes;
  for (auto row = logits.values.begin(); row != logits.values.end(); row += logits.shape[1]) {
    classes.push_back(
        static_cast<std::int32_t>(std::max_element(row, row + logits.shape[1]) - row));
  }
  return classes;
}

std::string answer_lines(const HostArray& logits, const Labels& labels) {
  const std::vector<std::int32_t> read = classes_of(logits);
  const auto classes = static_cast<std::size_t>(logits.shape[1]);
  std::string lines;
  for (std::size_t image = 0; image < read.size(); ++image) {
    const std::span row = std::span(logits.values).subspan(image * classes, classes);
    for (std::size_t i = 0; i < classes; ++i) {
      if (std::isfinite(row[i])) continue;
      throw Error(fmt::format("answers: logit {} of image {} is {}", i, image, row[i]));
    }
    lines += fmt::format(R"({{"image": {}, "class": {}, "logits": [{}])", image, read[image],
                         fmt::join(row, ", "));
    if (!labels.empty()) {
      const bool right = labels[image] == read[image];
      lines += fmt::format(R"(, "label": {}, "right": {})", labels[image], right);
    }
    lines += "}\n";
  }
  return lines;
}

HostArray read_answers(const std::string& path, std::string_view content) {
  std::vector<float> values;
  std::int64_t lines = 0;
  for (std::size_t at = 0; at < content.size(); ++lines) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    JsonReader line(fmt::format("{}: line {}", path, lines + 1), content.substr(at, end - at));
    line.object([&](const std::string& member) {
      if (member != "logits") return line.skip();
      line.array([&] { values.push_back(line.number<float>()); });
    });
    line.end();
    at = end + 1;
  }
  const std::int64_t classes = std::ssize(values) / std::max(lines, std::int64_t{1});
  if (lines * classes != std::ssize(values)) {
    throw FileError(path, fmt::format("{} lines, and {} logits", lines, values.size()));
  }
  return {{lines, classes}, std::move(values)};
}

}  // namespace nt
