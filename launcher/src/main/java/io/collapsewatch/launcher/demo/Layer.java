package io.collapsewatch.launcher.demo;

import java.util.List;

/** One step of a network, differentiable. B is the number of samples of a batch. */
sealed interface Layer permits Linear, BatchNorm, Relu {

  /**
   * The layer's output [B][out] for the input {@code x} [B][in]. In training mode the layer keeps
   * what {@link #backward} needs, the array {@code x} among it, which is not modified.
   */
  float[][] forward(float[][] x, boolean training);

  /**
   * The gradient by the input [B][in], given the gradient by the output [B][out] of the last
   * forward pass in training mode; sets the gradients of the parameters.
   */
  float[][] backward(float[][] outputGradient);

  List<Parameter> parameters();
}
