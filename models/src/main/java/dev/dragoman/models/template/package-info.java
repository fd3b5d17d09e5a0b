/**
 * Chat templates: the Jinja in a model's files, rendered as transformers renders it.
 *
 * <p>{@link dev.dragoman.models.template.ChatTemplates} reads the templates of a model folder,
 * {@link dev.dragoman.models.template.ChatTemplate} is one of them, parsed once and rendered often.
 * A template is somebody else's program, so it runs in a sandbox: it sees the data it is given and
 * nothing else, changes nothing, and is bounded in steps, characters and depth.
 *
 * <p>Inside: {@code Lexer} and {@code Parser} make a tree of {@code Expr} and {@code Stmt}, {@code
 * Scopes} gives every name its place, {@code Interpreter} and {@code Evaluator} walk the tree over
 * {@code Value}s.
 */
@NullMarked
package dev.dragoman.models.template;

import org.jspecify.annotations.NullMarked;
