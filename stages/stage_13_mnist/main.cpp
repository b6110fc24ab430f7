// stage_13_mnist: the digits of the data set, how often each comes and how bright they are, all of
// it read from IDX files; or, with --idx FILE, what any other IDX file holds.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/paths.hpp"
#include "core/random.hpp"
#include "core/scratch_folder.hpp"
#include "dataset.hpp"
#include "image_set.hpp"
#include "program/program.hpp"
#include "sums.hpp"
#include "terminal/digit.hpp"
#include "terminal/table.hpp"

namespace {

using namespace nt;

/// Doubles whose sums are rounded, against whole numbers. Measured: at most 1.5e-15 on either data
/// set.
constexpr double kBrightness = 1e-14;

/// Half a unit of the fourth digit, to which MNIST's figures are known.
constexpr double kFourDigits = 0.5e-4;

std::vector<std::string> idx_files;  // --idx

std::string_view text(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// How many elements differ; infinitely many where there are more of one than of the other.
template <class A, class B>
double differing(const A& a, const B& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
  return static_cast<double>(count);
}

/// A file read twice through a cache that was empty before.
struct TwoReads {
  Unpacked first, second;
  double first_ms, second_ms;
};

TwoReads read_twice(const std::filesystem::path& path, const std::filesystem::path& cache) {
  const auto timed = [&](Unpacked& unpacked) {
    const auto start = std::chrono::steady_clock::now();
    unpacked = read_unpacked(path, cache);
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
  };
  TwoReads reads{};
  reads.first_ms = timed(reads.first);
  reads.second_ms = timed(reads.second);
  if (!reads.first.not_kept.empty()) fmt::print("not kept: {}\n", reads.first.not_kept);
  return reads;
}

/// What --idx prints of a file: the array, a sum over all its bytes, and the first numbers.
void show_idx(const std::filesystem::path& path, const std::filesystem::path& cache,
              Proofs& proofs) {
  constexpr std::size_t kShown = 64;
  const TwoReads reads = read_twice(path, cache);
  const IdxArray idx = decode_idx(shown(path), reads.first.content);
  const std::size_t size = element_size(idx.type);
  const std::size_t count = std::min(kShown, idx.bytes.size() / size);
  const IdxArray begin{idx.type,
                       {static_cast<std::int64_t>(count)},
                       {idx.bytes.data(), idx.bytes.data() + count * size}};
  fmt::print("\nfile     {}\n", shown(path));
  fmt::print("type     {}\n", name(idx.type));
  fmt::print("shape    {}\n", idx.shape.text());
  fmt::print("bytes    {}\n", idx.bytes.size());
  fmt::print("sha256   {}\n", sha256(text(idx.bytes)));
  fmt::print("numbers  {}\n", fmt::join(numbers(begin), " "));
  proofs.at_most("its bytes, read again", "differ",
                 differing(reads.second.content, reads.first.content), 0);
}

/// What reading costs, the first time and the second.
void show_and_prove_cache(const DataFolder& data, Proofs& proofs) {
  const ScratchFolder cache;
  Table table({"file", "packed", "bytes", "unpacked in", "from the cache in"});
  double unpacked_again = 0, differ = 0;
  for (const char* raw_name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                               "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
    const std::filesystem::path path = data.path(raw_name);
    const TwoReads reads = read_twice(path, cache.path());
    table.add({path.filename(), std::to_string(std::filesystem::file_size(path)),
               std::to_string(reads.first.content.size()), fmt::format("{:.1f} ms", reads.first_ms),
               fmt::format("{:.1f} ms", reads.second_ms)});
    unpacked_again += reads.second.from_cache ? 0 : 1;
    differ += differing(reads.second.content, reads.first.content);
  }
  fmt::print("{}\n", table.text());
  proofs.at_most("files that a second read unpacks again", "count", unpacked_again, 0);
  proofs.at_most("bytes from the cache, against unpacked ones", "differ", differ, 0);
}

/// A row of digits, drawn by lot.
void show_digits(const ImageSet& set, std::int64_t seed) {
  constexpr std::size_t kInARow = 4;  // 120 columns
  const std::int64_t side = set.shape[1];
  Random random(static_cast<std::uint64_t>(seed));
  std::vector<std::int64_t> lots = random.permutation(set.count());
  lots.resize(std::min(kInARow, lots.size()));
  std::vector<Picture> row;
  row.reserve(lots.size());
  for (const std::int64_t position : lots) {
    row.push_back({{{side, side}, images_at(set, {&position, 1}).values},
                   fmt::format("image {}: a {}", position, labels_at(set, {&position, 1})[0])});
  }
  fmt::print("\n{}\n", draw(row, -1, 1));
}

/// How often each class comes, and how bright the pixels are.
void show_figures(const ImageSets& sets) {
  Table table({"class", "train", "test", ""});
  for (std::int32_t label = 0; label < 10; ++label) {
    const auto train = std::count(sets.train.labels.begin(), sets.train.labels.end(), label);
    const auto test = std::count(sets.test.labels.begin(), sets.test.labels.end(), label);
    std::string bar;  // 30 for a tenth of the images, wherever the classes come equally often
    for (std::int64_t i = 0; i < train * 300 / sets.train.count(); ++i) bar += "▇";
    bar.append(40 - std::min<std::size_t>(40, display_width(bar)), ' ');  // flush left
    table.add({std::to_string(label), std::to_string(train), std::to_string(test), bar});
  }
  fmt::print("{}\n", table.text());
  for (const auto& [name, set] : {std::pair{"train", &sets.train}, {"test", &sets.test}}) {
    const auto [mean, deviation] = brightness(*set);
    fmt::print("{}: {} images of {} x {}, pixels from 0 to 1 have mean {:.4f}, deviation {:.4f}\n",
               name, set->count(), set->shape[1], set->shape[2], mean, deviation);
  }
  fmt::print("\n");
}

/// The mean of f(x) over all pixels. Image by image, for a sum of 47 million numbers, one after the
/// other, would lose four digits more.
template <class F>
double mean_of(const IdxBytes& images, F f) {
  const std::int64_t pixels = images.shape[1] * images.shape[2];
  double sum = 0;
  for (std::int64_t image = 0; image < images.shape[0]; ++image) {
    const auto first = images.values.begin() + image * pixels;
    sum += std::accumulate(first, first + pixels, 0.0,
                           [&](double part, std::uint8_t x) { return part + f(x / 255.0); });
  }
  return sum / static_cast<double>(images.values.size());
}

/// The same from the trusted reader's bytes: the mean of x, then that of (x - mean) squared.
Brightness in_two_passes(const IdxBytes& images) {
  const double mean = mean_of(images, [](double x) { return x; });
  return {mean, std::sqrt(mean_of(images, [&](double x) { return (x - mean) * (x - mean); }))};
}

void prove_images(const ImageSets& sets, const DataSet& trusted, std::int64_t seed,
                  Proofs& proofs) {
  proofs.at_most("pixels to train on, against the trusted reader", "differ",
                 differing(sets.train.pixels, trusted.train.images.values), 0);
  proofs.at_most("pixels to test on", "differ",
                 differing(sets.test.pixels, trusted.test.images.values), 0);
  proofs.at_most("labels of all of them", "differ",
                 differing(sets.train.labels, trusted.train.labels) +
                     differing(sets.test.labels, trusted.test.labels),
                 0);

  Random random(static_cast<std::uint64_t>(seed));
  std::vector<std::int64_t> positions = random.permutation(sets.train.count());
  positions.resize(1000);
  proofs.close("1000 images as floats, drawn by lot", images_at(sets.train, positions),
               trusted.train.normalised({positions.begin(), positions.end()}), 0);
}

void prove_brightness(const ImageSets& sets, const DataSet& trusted, Proofs& proofs) {
  const Brightness found = brightness(sets.train);
  const Brightness expected = in_two_passes(trusted.train.images);
  proofs.at_most("mean of the pixels, against two passes", "|d|",
                 std::abs(found.mean - expected.mean), kBrightness);
  proofs.at_most("their deviation", "|d|", std::abs(found.deviation - expected.deviation),
                 kBrightness);
  if (sets.name != "mnist") return;
  proofs.at_most("MNIST's mean as everyone knows it, 0.1307", "|d|", std::abs(found.mean - 0.1307),
                 kFourDigits);
  proofs.at_most("its deviation, 0.3081", "|d|", std::abs(found.deviation - 0.3081), kFourDigits);
}

void show_and_prove(const Options& options, Proofs& proofs) {
  if (!idx_files.empty()) {
    const ScratchFolder cache;
    for (const std::string& file : idx_files) show_idx(file, cache.path(), proofs);
    return;
  }
  const DataFolder data = find_data(options.data);
  fmt::print("data: {} from {}\n", data.name, shown(data.folder));
  const ImageSets sets = read_image_sets(options.data);
  show_digits(sets.train, options.seed);
  show_figures(sets);
  show_and_prove_cache(data, proofs);
  const DataSet trusted = load_data(options.data);
  prove_images(sets, trusted, options.seed, proofs);
  prove_brightness(sets, trusted, proofs);
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 13 mnist",
          .summary = "IDX files, unpacked once: the digits, how often each comes, how bright",
          .backends = {nt::Backend::naive},
          .run = show_and_prove,
          .add_options = [](CLI::App& app) {
            app.add_option("--idx", idx_files, "show what these IDX files hold, and nothing else");
          }};
}
