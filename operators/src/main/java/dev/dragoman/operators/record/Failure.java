package dev.dragoman.operators.record;

import java.io.Serializable;

/**
 * Why a document was rejected.
 *
 * @param code what kind of failure, for machines
 * @param operator the step it happened in
 * @param message what happened and what to do, for a person
 * @param attempts how often it was tried
 */
public record Failure(RejectionCode code, String operator, String message, int attempts)
    implements Serializable {}
