// The naive kernels. One nest of loops finds every product of the formula, and with it the places
// of the three numbers that belong together: a token's, a pixel and a weight. The kernels differ in
// which of the three is computed from the other two.

#include "install_naive.hpp"
#include "patch_rows.hpp"

namespace nt::naive {
namespace {

/// Where the numbers of a product lie in their arrays, counted row by row.
struct Places {
  std::int64_t token;   ///< of y[b, t, c]
  std::int64_t pixel;   ///< of image[b, i, j of t]
  std::int64_t weight;  ///< of weight[c, i, j]
};

/// Calls visit(places) for all b, t, i, j and c, c fastest.   images: (B, 1, Y, X)
template <class Visit>
void for_each_product(const Shape& images, std::int64_t P, std::int64_t C, const Visit& visit) {
  // exercise 9.2: loops over images, rows of patches, patches in a row, i, j and c; then the places
  const std::int64_t Y = images[2];
  const std::int64_t X = images[3];
  const std::int64_t down = Y / P;
  const std::int64_t across = X / P;
  for (std::int64_t b = 0; b < images[0]; ++b) {
    for (std::int64_t row = 0; row < down; ++row) {
      for (std::int64_t column = 0; column < across; ++column) {
        const std::int64_t token = (b * down + row) * across + column;
        for (std::int64_t i = 0; i < P; ++i) {
          for (std::int64_t j = 0; j < P; ++j) {
            const std::int64_t pixel = (b * Y + row * P + i) * X + column * P + j;
            for (std::int64_t c = 0; c < C; ++c) {
              visit(Places{token * C + c, pixel, (c * P + i) * P + j});
            }
          }
        }
      }
    }
  }
  // end exercise
}

}  // namespace

Array patch_embedding(const Array& images, const Array& weight, const Array& bias) {
  const Shape& s = images.shape();
  const std::int64_t C = weight.shape()[0];
  const std::int64_t P = weight.shape()[2];
  const Storage image = as_storage(images).contiguous();
  const Storage w = as_storage(weight).contiguous();
  const Storage added = as_storage(bias).contiguous();
  Storage tokens({s[0], (s[2] / P) * (s[3] / P), C});
  float* y = tokens.write();
  // exercise 9.3: every product into its token's number, then the bias once to each
  for_each_product(s, P, C, [&](const Places& at) {
    y[at.token] += image.data()[at.pixel] * w.data()[at.weight];
  });
  for (std::int64_t n = 0; n < tokens.shape().count(); ++n) y[n] += added.data()[n % C];
  // end exercise
  return to_array(std::move(tokens));
}

Array patch_image_gradient(const Array& dy, const Array& weight, const Shape& images) {
  const std::int64_t C = weight.shape()[0];
  const std::int64_t P = weight.shape()[2];
  const Storage dtokens = as_storage(dy).contiguous();
  const Storage w = as_storage(weight).contiguous();
  Storage dimages(images);
  float* dimage = dimages.write();
  // y += image weight, so dimage += dy weight
  for_each_product(images, P, C, [&](const Places& at) {
    dimage[at.pixel] += dtokens.data()[at.token] * w.data()[at.weight];
  });
  return to_array(std::move(dimages));
}

Array patch_weight_gradient(const Array& images, const Array& dy, std::int64_t P) {
  const std::int64_t C = dy.shape()[2];
  const Storage image = as_storage(images).contiguous();
  const Storage dtokens = as_storage(dy).contiguous();
  // exercise 9.4: y += image weight, so dweight += dy image; all patches share the weight
  Storage dweights({C, 1, P, P});
  float* dweight = dweights.write();
  for_each_product(images.shape(), P, C, [&](const Places& at) {
    dweight[at.weight] += dtokens.data()[at.token] * image.data()[at.pixel];
  });
  return to_array(std::move(dweights));
  // end exercise
}

}  // namespace nt::naive
