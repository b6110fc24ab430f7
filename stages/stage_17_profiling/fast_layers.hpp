#pragma once
// The layers of stages 6 to 12 in one go: each calls its fused row, and brings its derivative
// along.

namespace nt {

/// Installs them for Backend::fast: linear, gelu, softmax, layer_norm, attend, cross_entropy and
/// the step of AdamW. Their rows are installed apart.
void install_fast_layers();

}  // namespace nt
