internal import Model

/// The rule for names of systemd credentials: plain file names; see systemd.exec(5), LoadCredential=.
///
/// A number behind `@` is the secret's version, which is part of the file's name: `api-key@3`.
enum CredentialName {
    static func validate(_ text: String) throws(ModelError) -> String {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let isPlain = parts[0].utf8.allSatisfy { $0.isASCIILetterOrDigit || Set("._-".utf8).contains($0) }
        guard 1...255 ~= text.utf8.count, isPlain, !parts[0].isEmpty, !text.hasPrefix("."),
            parts.count == 1 || isVersion(parts[1])
        else {
            let advice =
                "is no credential name: use letters, digits, '.', '_' and '-', not starting with '.', and for a version '@' "
                + "and a number, as in api-key@3"
            throw ModelError(.invalidName, found: text, advice: advice)
        }
        return text
    }

    /// Written in one way only, so that two names are never one version.
    private static func isVersion(_ text: Substring) -> Bool {
        text.utf8.first != UInt8(ascii: "0") && (UInt64(text).map { "\($0)" == text } ?? false)
    }
}
