// Images and labels: what becomes of them, and what files of them may hold.

#include <cmath>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "core/random.hpp"
#include "dataset.hpp"
#include "image_set.hpp"
#include "scratch_files.hpp"

namespace nt {
namespace {

/// Three images of 2 x 2.
ImageSet three_images() {
  return {{3, 2, 2}, {0, 51, 102, 153, 204, 255, 0, 255, 255, 0, 51, 0}, {7, 1, 9}};
}

const Bytes kImages{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8};
const Bytes kLabels{0, 0, 8, 1, 0, 0, 0, 2, 255, 3};

TEST_CASE("images become floats from -1 to 1, in the order of the positions", "[stage_13][13.5]") {
  // 51 is a fifth of 255: (1/5 - 1/2) / (1/2) = -0.6
  const std::vector<std::int64_t> positions{2, 0, 2};
  const HostArray expected{{3, 1, 2, 2},
                           {1, -1, -0.6F, -1, -1, -0.6F, -0.2F, 0.2F, 1, -1, -0.6F, -1}};
  CHECK_THAT(images_at(three_images(), positions), close_to(expected, 1e-7F));
  CHECK(images_at(three_images(), {}).shape == Shape{0, 1, 2, 2});
}

TEST_CASE("every grey is what the reference makes of it, bit for bit", "[stage_13][13.5]") {
  LabelledImages trusted{{{1, 28, 28}, Bytes(784)}, {0}};
  for (std::size_t i = 0; i < 784; ++i) trusted.images.values[i] = static_cast<std::uint8_t>(i);
  const ImageSet set{{1, 28, 28}, trusted.images.values, {}};
  CHECK_THAT(images_at(set, std::vector<std::int64_t>{0}), close_to(trusted.normalised({0}), 0));
}

TEST_CASE("a position where no image is, is named", "[stage_13]") {
  const ImageSet set = three_images();
  for (const auto& [positions, text] :
       {std::pair{std::vector<std::int64_t>{0, 3}, "images: position 1 is 3: there are 3"},
        {{-1}, "images: position 0 is -1: there are 3"}}) {
    CHECK_THROWS_WITH(images_at(set, positions), text);
    CHECK_THROWS_WITH(labels_at(set, positions), text);
  }
}

TEST_CASE("labels come in the order of the positions", "[stage_13]") {
  ImageSet set = three_images();
  CHECK(labels_at(set, std::vector<std::int64_t>{2, 0, 2}) == Labels{9, 7, 9});
  set.labels.clear();
  CHECK(labels_at(set, {}).empty());
  CHECK_THROWS_WITH(labels_at(set, std::vector<std::int64_t>{0}),
                    "images: their labels are not known");
}

TEST_CASE("the first images are taken with their labels", "[stage_13]") {
  ImageSet set = three_images();
  const ImageSet two = first(set, 2);
  CHECK(two.shape == Shape{2, 2, 2});
  CHECK(two.pixels == Bytes{0, 51, 102, 153, 204, 255, 0, 255});
  CHECK(two.labels == Labels{7, 1});
  CHECK(first(set, 0).count() == 0);
  CHECK(first(set, 3).pixels == set.pixels);
  CHECK_THROWS_WITH(first(set, 4), "images: there are 3, asked for the first 4");
  CHECK_THROWS_WITH(first(set, -1), "images: there are 3, asked for the first -1");
  set.labels.clear();
  CHECK(first(set, 2).labels.empty());
}

TEST_CASE("mean and deviation are of all pixels, from 0 to 1", "[stage_13][13.6]") {
  // 0, 0, 255, 51: mean (0 + 0 + 1 + 0.2) / 4 = 0.3, variance (0.09 + 0.09 + 0.49 + 0.01) / 4
  const Brightness four = brightness({{1, 2, 2}, {0, 0, 255, 51}, {}});
  CHECK(std::abs(four.mean - 0.3) < 1e-15);
  CHECK(std::abs(four.deviation - std::sqrt(0.17)) < 1e-15);
  const Brightness white = brightness({{1, 1, 1}, {255}, {}});
  CHECK(white.mean == 1);
  CHECK(white.deviation == 0);
}

TEST_CASE("the mean of many pixels loses nothing", "[stage_13][13.6]") {
  // A third is black, two thirds are white: the variance is 1/3 * 2/3. 32 bits would not hold the
  // sum, nor that of the squares, and a float32 not even its first hundredth.
  ImageSet set{{1350, 100, 100}, Bytes(13'500'000, 255), {}};
  std::fill_n(set.pixels.begin(), 4'500'000, std::uint8_t{0});
  const auto [mean, deviation] = brightness(set);
  CHECK(std::abs(mean - 2.0 / 3) < 1e-14);
  CHECK(std::abs(deviation - std::sqrt(2.0) / 3) < 1e-14);
}

TEST_CASE("images and labels are read from files, plain or packed", "[stage_13]") {
  const ScratchFolder scratch;
  const auto images = write(scratch, "images", kImages), labels = write(scratch, "labels", kLabels);
  const ImageSet set = read_images(images, labels, scratch.path() / "cache");
  CHECK(set.shape == Shape{2, 2, 2});
  CHECK(set.pixels == Bytes{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(set.labels == Labels{255, 3});
  const ImageSet alone = read_images(pack(scratch, "x.gz", kImages), {}, scratch.path() / "cache");
  CHECK(alone.pixels == set.pixels);
  CHECK(alone.labels.empty());
}

TEST_CASE("files that hold something else than images or labels are named", "[stage_13]") {
  const ScratchFolder scratch;
  const auto images = write(scratch, "images", kImages), labels = write(scratch, "labels", kLabels);
  const std::string wrong = scratch.path() / "wrong";
  const auto write = [&](const Bytes& content) { return nt::write(scratch, "wrong", content); };
  const std::string no_images =
      wrong + ": not images: they are bytes of shape (count, side, side), found ";
  CHECK_THROWS_WITH(read_images(write(kLabels)), no_images + "uint8 of shape (2)");
  CHECK_THROWS_WITH(read_images(write({0, 0, 9, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5})),
                    no_images + "int8 of shape (1, 1, 1)");
  CHECK_THROWS_WITH(read_images(write({0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 5, 5})),
                    no_images + "uint8 of shape (1, 1, 2)");
  CHECK_THROWS_WITH(read_images(write({0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0})),
                    no_images + "uint8 of shape (1, 0, 0)");
  const std::string no_labels = wrong + ": not labels: they are bytes of shape (2), found ";
  CHECK_THROWS_WITH(read_images(images, write({0, 0, 8, 1, 0, 0, 0, 1, 7})),
                    no_labels + "uint8 of shape (1)");
  CHECK_THROWS_WITH(read_images(images, write({0, 0, 9, 1, 0, 0, 0, 2, 7, 7})),
                    no_labels + "int8 of shape (2)");
  CHECK_THROWS_WITH(read_images(images, write(kImages)), no_labels + "uint8 of shape (2, 2, 2)");
}

TEST_CASE("the data set is the trusted reader's, byte for byte", "[stage_13][13.5]") {
  const ScratchFolder scratch;
  const DataSet trusted = load_data("digits");
  for (int time = 0; time < 2; ++time) {  // unpacked, then from the cache
    const ImageSets sets = read_image_sets("digits", scratch.path());
    CHECK(sets.name == "digits");
    for (const auto& [set, expected] :
         {std::pair{&sets.train, &trusted.train}, {&sets.test, &trusted.test}}) {
      CHECK(set->shape == expected->images.shape);
      CHECK((set->pixels == expected->images.values));
      CHECK((set->labels == expected->labels));
      const std::vector<std::int64_t> positions{0, 5, set->count() - 1};
      CHECK_THAT(images_at(*set, positions),
                 close_to(expected->normalised({positions.begin(), positions.end()}), 0));
    }
  }
}

TEST_CASE("what is not as published is refused", "[stage_13]") {
  const ScratchFolder scratch;
  const auto digits = find_data("digits");
  for (const auto& file : std::filesystem::directory_iterator(digits.folder)) {
    std::filesystem::copy(file, scratch.path());
  }
  ::setenv("NANO_TORCH_MNIST", scratch.path().c_str(), 1);
  const std::string train = scratch.path() / "train-images-idx3-ubyte.gz";
  CHECK_THROWS_WITH(read_image_sets("mnist", scratch.path() / "cache"),
                    contains_text(train + ": not the published file: the SHA-256 of its content "));
  ::unsetenv("NANO_TORCH_MNIST");
}

}  // namespace
}  // namespace nt
