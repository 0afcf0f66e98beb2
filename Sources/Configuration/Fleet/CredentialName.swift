internal import Model

/// The rule for names of systemd credentials: plain file names; see systemd.exec(5), LoadCredential=.
enum CredentialName {
    static func validate(_ text: String) throws(ModelError) -> String {
        let isPlain = text.utf8.allSatisfy { $0.isASCIILetterOrDigit || Set("._-".utf8).contains($0) }
        guard 1...255 ~= text.utf8.count, isPlain, !text.hasPrefix(".") else {
            let advice = "is no credential name: use letters, digits, '.', '_' and '-', not starting with '.'"
            throw ModelError(.invalidName, found: text, advice: advice)
        }
        return text
    }
}
