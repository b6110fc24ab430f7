#pragma once
// The rows of the op table with which an image becomes a sequence of tokens. The image is cut into
// patches of P x P pixels that do not overlap, and each patch becomes a token: C numbers, each a
// weighted sum of the patch's pixels. B images of height Y and width X hold T = (Y / P) (X / P)
// patches each, numbered row by row: patch t lies t / across patches down and t % across patches to
// the right, across = X / P.
//
// `naive` computes by loops. The fallback for backends without a kernel is composed of other rows.

#include "rows.hpp"

namespace nt {

namespace shape_rule {

/// images: (B, 1, Y, X), weight: (C, 1, P, P), bias: (C) -> (B, T, C). Throws ShapeError for the
/// first of four rules that is broken; P of at least 1 has to divide both Y and X:
///   `patch_embedding: images should be (B, 1, Y, X): images are (2, 28, 28)`
///   `patch_embedding: weight should be (C, 1, P, P): weight is (6, 1, 4, 3)`
///   `patch_embedding: bias should be (6): bias is (5), weight is (6, 1, 4, 4)`
///   `patch_embedding: patches of 5 do not divide the images: images are (2, 1, 28, 28)`
Shape patch_embedding(std::string_view op, Array& images, Array& weight, Array& bias);

/// images: (B, 1, Y, X), dy: (B, T, C), P -> (C, 1, P, P). Throws ShapeError as patch_embedding
/// does, under its own name, for images and patches; then
///   `patch_weight_gradient: dy should be (2, 9, C): dy is (2, 8, 6), images are (2, 1, 12, 12)`
Shape patch_weight_gradient(std::string_view op, Array& images, Array& dy, std::int64_t& P);

/// dy: (B, T, C), weight: (C, 1, P, P), the images' shape -> (B, 1, Y, X). Throws ShapeError as
/// patch_embedding does, under its own name, for images, weight and patches; then
///   `patch_image_gradient: dy should be (2, 9, 6): dy is (2, 8, 6), images are (2, 1, 12, 12)`
Shape patch_image_gradient(std::string_view op, Array& dy, Array& weight, Shape& images);

}  // namespace shape_rule

// The formulas; "image[b, i, j of t]" is the pixel in row i and column j of patch t of image b.

namespace naive {

/// y[b, t, c] = sum over i, j of image[b, i, j of t] weight[c, i, j] + bias[c]
Array patch_embedding(const Array& images, const Array& weight, const Array& bias);

/// dweight[c, i, j] = sum over b, t of dy[b, t, c] image[b, i, j of t]
Array patch_weight_gradient(const Array& images, const Array& dy, std::int64_t P);

/// dimage[b, i, j of t] = sum over c of dy[b, t, c] weight[c, i, j]
Array patch_image_gradient(const Array& dy, const Array& weight, const Shape& images);

}  // namespace naive

namespace op {

// The same formulas, composed of views and matrix products.
Array composed_patch_embedding(const Array& images, const Array& weight, const Array& bias);
Array composed_patch_weight_gradient(const Array& images, const Array& dy, std::int64_t P);
Array composed_patch_image_gradient(const Array& dy, const Array& weight, const Shape& images);

inline Op<Array(const Array&, const Array&, const Array&)> patch_embedding{
    "patch_embedding", shape_rule::patch_embedding, {.naive = 9}, composed_patch_embedding};
inline Op<Array(const Array&, const Array&, std::int64_t)> patch_weight_gradient{
    "patch_weight_gradient",
    shape_rule::patch_weight_gradient,
    {.naive = 9},
    composed_patch_weight_gradient};
inline Op<Array(const Array&, const Array&, const Shape&)> patch_image_gradient{
    "patch_image_gradient",
    shape_rule::patch_image_gradient,
    {.naive = 9},
    composed_patch_image_gradient};

}  // namespace op

/// Fills these rows on `naive`, and what lies below. May be called again.
void install_patches();

}  // namespace nt
