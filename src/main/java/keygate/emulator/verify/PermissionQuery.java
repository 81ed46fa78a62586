package keygate.emulator.verify;

import java.util.Collection;
import java.util.function.Predicate;
import keygate.emulator.verify.QueryLexer.Kind;
import keygate.emulator.verify.QueryLexer.Token;
import keygate.emulator.wire.Refusal;

/**
 * The parser of permission queries. AND binds tighter than OR; a permission is held only if exactly that text was
 * granted, so an asterisk is an ordinary character on both sides.
 */
public final class PermissionQuery {
    private final QueryLexer lexer;
    private Token token;

    private PermissionQuery(String query) {
        lexer = new QueryLexer(query);
        token = lexer.next();
    }

    /**
     * Parses a query.
     *
     * @return tells for a collection of granted permissions whether they satisfy the query
     * @throws Refusal 400 permissions_query_syntax_error, naming the byte position
     */
    public static Predicate<Collection<String>> parse(String query) {
        PermissionQuery parser = new PermissionQuery(query);
        if (parser.token.kind() == Kind.ILLEGAL) {
            // Unkey leaves the detail empty when the very first token is illegal.
            throw refusal("");
        }
        if (parser.token.kind() == Kind.END) {
            throw refusal("the query has no permission in it");
        }
        Predicate<Collection<String>> parsed = parser.any();
        if (parser.token.kind() != Kind.END) {
            throw parser.unexpected("unexpected text after a complete expression");
        }
        return parsed;
    }

    private Predicate<Collection<String>> any() {
        Predicate<Collection<String>> left = all();
        while (token.kind() == Kind.OR) {
            advance();
            left = left.or(all());
        }
        return left;
    }

    private Predicate<Collection<String>> all() {
        Predicate<Collection<String>> left = primary();
        while (token.kind() == Kind.AND) {
            advance();
            left = left.and(primary());
        }
        return left;
    }

    private Predicate<Collection<String>> primary() {
        if (token.kind() == Kind.OPEN) {
            return group();
        }
        if (token.kind() == Kind.PERMISSION) {
            String wanted = token.text();
            advance();
            return granted -> granted.contains(wanted);
        }
        throw unexpected(
                token.kind() == Kind.END ? "the query ends where a permission was expected" : "expected a permission");
    }

    private Predicate<Collection<String>> group() {
        advance();
        if (token.kind() == Kind.CLOSE) {
            throw unexpected("empty parentheses");
        }
        Predicate<Collection<String>> inner = any();
        if (token.kind() != Kind.CLOSE) {
            throw unexpected("missing closing parenthesis");
        }
        advance();
        return inner;
    }

    private void advance() {
        token = lexer.next();
    }

    private Refusal unexpected(String what) {
        String reason = token.kind() == Kind.ILLEGAL ? "illegal character" : what;
        return refusal(reason + " at position " + token.position());
    }

    private static Refusal refusal(String detail) {
        return new Refusal(
                400,
                "user/bad_request/permissions_query_syntax_error",
                "Bad Request",
                detail.isEmpty() ? "" : "Syntax error in permission query: " + detail + ".");
    }
}
