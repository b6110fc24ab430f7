// The model in a file, what it reads, where it looks, and the pictures of that.

#include <zlib.h>

#include "answers.hpp"
#include "baseline.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "core/scratch_folder.hpp"
#include "digit_pictures.hpp"
#include "frozen_heads.hpp"
#include "gathered.hpp"
#include "install_fast.hpp"
#include "safetensors.hpp"
#include "trained_weights.hpp"
#include "trainer.hpp"

namespace nt {
namespace {

constexpr Backend kAll[] = {Backend::naive, Backend::eigen, Backend::fast};

void use(Backend backend) {
  install_fast();
  set_backend(backend);
}

/// PyTorch's model at the end of its training.
TinyVit trained() {
  static const Frozen frozen = Frozen::open("digits");
  return with_weights({}, frozen.group("adamw/weights.1/"));
}

const ImageSet& ten_images() {
  static const ImageSet images = first(read_image_sets("digits").test, 10);
  return images;
}

TEST_CASE("a PNG is a header, packed rows and an end", "[stage_20]") {
  const Pixels pixels{2, 1, {1, 2, 3, 255, 4, 5, 6, 0}};
  const std::string png = encode_png(pixels);
  const std::string header("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\2\0\0\0\1\x08\6\0\0\0", 29);
  CHECK(png.substr(0, 29) == header);
  CHECK(png.substr(29, 4) == "\xf4\x22\x7f\x8a");  // the CRC-32 of 2 x 1 pixels, by Python's zlib
  CHECK(png.substr(37, 4) == "IDAT");
  CHECK(png.substr(png.size() - 12) == std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12));

  std::string rows(100, 'x');
  uLongf size = rows.size();
  REQUIRE(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size,
                     reinterpret_cast<const Bytef*>(png.data() + 41),
                     static_cast<uLong>(png.size() - 41 - 16)) == Z_OK);
  CHECK(rows.substr(0, size) == std::string("\0\1\2\3\xff\4\5\6\0", 9));
  CHECK_THROWS_WITH(encode_png({2, 3, std::vector<std::uint8_t>(23)}),
                    "png: 2 x 3 pixels are 24 bytes, found 23");
}

TEST_CASE("base64 is RFC 4648's", "[stage_20]") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xfb\xff\xfe") == "+//+");
  CHECK(image_link({1, 1, {0, 0, 0, 0}}).starts_with("data:image/png;base64,iVBORw0KGgo"));
}

/// The four bytes of a pixel.
std::vector<int> pixel(const Pixels& pixels, std::uint32_t x, std::uint32_t y) {
  const auto at = pixels.bytes.begin() + 4 * (y * pixels.width + x);
  return {at, at + 4};
}

TEST_CASE("a digit is drawn in grey", "[stage_20]") {
  ImageSet images{{2, 28, 28}, std::vector<std::uint8_t>(2 * 784), {0, 1}};
  images.pixels[784 + 28 * 3 + 5] = 200;  // row 3, column 5 of the second
  const Pixels grey = grey_pixels(images, 1);
  CHECK(grey.width == 28);
  CHECK(grey.height == 28);
  CHECK(pixel(grey, 5, 3) == std::vector{200, 200, 200, 255});
  CHECK(pixel(grey, 3, 5) == std::vector{0, 0, 0, 255});
}

TEST_CASE("what a head hears most is covered most", "[stage_20]") {
  ImageSet images{{1, 28, 28}, std::vector<std::uint8_t>(784), {0}};
  HostArray heard = filled({2, 2, 49});
  float* const second = heard.values.data() + 98;  // the row that is drawn
  second[7 * 1 + 2] = 0.5F;                        // head 0: row 1, column 2 of the patches
  second[7 * 6 + 6] = 0.25F;
  second[49] = 1;  // head 1: the first patch
  const Pixels pixels = heard_pixels(images, 0, heard, 1);
  CHECK(pixels.width == 28 + 2 * 30);
  CHECK(pixel(pixels, 9, 5) == std::vector{0, 0, 0, 255});            // the digit itself
  CHECK(pixel(pixels, 29, 5) == std::vector{0, 0, 0, 0});             // nothing between
  CHECK(pixel(pixels, 30 + 9, 5) == std::vector{199, 92, 18, 255});   // 0.8 of 249, 115, 22
  CHECK(pixel(pixels, 30 + 27, 27) == std::vector{100, 46, 9, 255});  // half of that
  CHECK(pixel(pixels, 30 + 5, 9) == std::vector{0, 0, 0, 255});
  CHECK(pixel(pixels, 60, 0) == std::vector{199, 92, 18, 255});
}

TEST_CASE("the test images are read alike on every backend", "[stage_20]") {
  for (const Backend backend : kAll) {
    use(backend);
    const TinyVit model = trained();
    ImageSet images = ten_images();
    std::fill(images.labels.begin(), images.labels.end(), 0);  // of which the reading knows nothing
    const TestReading reading = read_test_images(model, images);
    const HostArray logits = logits_of(model, images);
    CHECK(reading.read == classes_of(logits));
    CHECK(reading.images() == 10);
    for (std::int64_t i = 0; i < 10; ++i) {
      double sum = 0;  // of exp(logit - that of the class that is read)
      const auto at = static_cast<std::size_t>(i);
      for (std::int64_t c = 0; c < 10; ++c) {
        sum += std::exp(double{logits[{i, c}]} - double{logits[{i, reading.read[at]}]});
      }
      CHECK(reading.certainty[at] == Approx(1 / sum).epsilon(1e-5));
      CHECK(reading.confusion.at(0, reading.read[at]) > 0);
    }
  }
}

TEST_CASE("the surest mistake comes first", "[stage_20]") {
  const TestReading reading{{1, 2, 3, 4, 5}, {0.5F, 0.9F, 0.9F, 1, 0.95F}, {}};
  CHECK(surest_mistakes(reading, {0, 0, 0, 4, 0}) == std::vector<std::int64_t>{4, 1, 2, 0});
  CHECK(surest_mistakes(reading, {1, 2, 3, 4, 5}).empty());
}

TEST_CASE("a patch is heard as much as the others listen to it on the average", "[stage_20]") {
  for (const Backend backend : kAll) {
    use(backend);
    const TinyVit model = trained();
    const HostArray images = images_at(ten_images(), std::vector<std::int64_t>{3, 8});
    const Tensor tokens = tokens_before_attention(weights_of(model), images);
    HostArray expected = filled({2, 4, 49});
    for (std::int64_t head = 0; head < 4; ++head) {
      const HostArray listens = head_weights(weights_of(model), tokens, head, 4).data().host();
      for (std::int64_t n = 0; n < 2; ++n) {
        for (std::int64_t i = 0; i < 49 * 49; ++i) {
          expected.values[static_cast<std::size_t>((n * 4 + head) * 49 + i % 49)] +=
              listens[{n, i / 49, i % 49}] / 49;
        }
      }
    }
    // Weights of up to 0.3, and sums of 49 of them in another order; measured: at most 3e-8.
    CHECK_THAT(patches_heard(model, images), close_to(expected, 3e-7F));
  }
}

/// A checkpoint of stage 19 as far as this stage reads it.
std::string checkpoint(Metadata metadata) {
  metadata["heads"] = "4";
  return encode_safetensors({weights_of(trained()), std::move(metadata)});
}

const Metadata kEnded{
    {"recipe.data", "mnist"},
    {"recipe.train", "60"},
    {"images", "60"},
    {"epoch", "1"},
    {"result.1", R"({"epoch": 0, "train_loss": 2, "test_loss": 2, "right": 3, "images": 10})"},
    {"result.2", R"({"epoch": 1, "train_loss": 1, "test_loss": 1, "right": 7, "images": 10})"}};

/// kEnded, but for one entry.
Metadata ended_but(const std::string& name, const std::string& text) {
  Metadata metadata = kEnded;
  metadata[name] = text;
  return metadata;
}

TEST_CASE("the full run's checkpoint comes before what stage 14 saved", "[stage_20]") {
  use(Backend::naive);
  const ScratchFolder out;
  CHECK_FALSE(left_weights(out.path(), "mnist"));
  const auto state = out.write("stage_14_training_loop.json", "{}");
  CHECK(left_weights(out.path(), "mnist") == state);
  const auto full = out.write("19_checkpoint.safetensors", checkpoint(kEnded));
  CHECK(left_weights(out.path(), "mnist") == full);
  CHECK(left_weights(out.path(), "digits") == state);  // since the run was on MNIST
}

TEST_CASE("a file's word on its model counts at the end of the epoch, on the same data",
          "[stage_20]") {
  use(Backend::naive);
  const ScratchFolder folder;
  const auto said = [&](const Metadata& metadata, const std::string& data) {
    return read_model(folder.write("x.safetensors", checkpoint(metadata)), data).said;
  };
  CHECK(said(kEnded, "mnist") == Evaluation{.loss = 1, .right = 7, .images = 10});
  CHECK_FALSE(said(kEnded, "digits"));
  CHECK_FALSE(said(ended_but("images", "59"), "mnist"));  // stopped in the middle
  CHECK_FALSE(said(ended_but("epoch", "2"), "mnist"));    // a later one, not evaluated yet
  CHECK_FALSE(said({{"recipe.data", "mnist"}, {"epoch", "0"}}, "mnist"));
  CHECK_THROWS_WITH(said(ended_but("result.1", "{}"), "mnist"),
                    contains_text("result.1: no 'epoch'"));
}

TEST_CASE("the model in a file is the one that was saved", "[stage_20]") {
  use(Backend::naive);
  const ScratchFolder folder;
  const auto path = folder.write("x.safetensors", checkpoint({}));
  const TrainedModel read = read_model(path, "digits");
  CHECK(differing(weights_of(read.model), weights_of(trained())) == 0);
  CHECK(read.origin == path.string());
}

TEST_CASE("a model of other images is refused", "[stage_20]") {
  use(Backend::naive);
  Random random(1);
  const ScratchFolder folder;
  const TinyVit small(
      {.image = 14, .patch = 7, .dim = 4, .depth = 1, .heads = 2, .mlp = 4, .classes = 3}, random);
  const auto path = folder.path() / "x.json";
  write_weights(path, small.config, weights_of(small));
  CHECK_THROWS_WITH(read_model(path, "digits"),
                    path.string() + ": reads images of 14 in 3 classes: these are 28 in 10");
}

}  // namespace
}  // namespace nt
