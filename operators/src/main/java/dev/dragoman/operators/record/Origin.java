package dev.dragoman.operators.record;

import java.io.Serializable;

/**
 * Who found something, and in which part.
 *
 * @param part the part it was found in
 * @param operator the operator's name in a recipe
 * @param operatorVersion the version of its behaviour
 * @param model the catalog name of the model used, or empty
 */
public record Origin(PartId part, String operator, String operatorVersion, String model)
    implements Serializable {}
