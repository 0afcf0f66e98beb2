import Artifacts
import Testing

/// One archive that must be refused, and why.
///
/// The cases stand beside this file by what they attack; each is wrong in one way only.
struct HostileArchive: CustomTestStringConvertible, Sendable {
    enum Refusal: Hashable, Sendable {
        /// By a rule about the entry of this name, as the message shows it.
        case rule(EntryRule, String)
        /// Because the archive as such is wrong.
        case code(ArtifactError.Code)
    }

    let name: String
    let refusal: Refusal
    /// The archive without its end; `outside` is a directory that it may try to reach.
    let tar: @Sendable (_ outside: String, _ tar: inout TarBytes) -> Void

    var testDescription: String { name }

    /// An entry that breaks a rule.
    static func breaks(
        _ rule: EntryRule,
        at entry: String,
        _ name: String,
        _ tar: @escaping @Sendable (_ outside: String, _ tar: inout TarBytes) -> Void
    ) -> Self { Self(name: name, refusal: .rule(rule, entry), tar: tar) }

    /// An archive on whose meaning readers could differ.
    static func damaged(
        _ name: String,
        _ tar: @escaping @Sendable (_ outside: String, _ tar: inout TarBytes) -> Void
    ) -> Self { Self(name: name, refusal: .code(.malformed), tar: tar) }

    /// An archive beyond a bound.
    static func exceeds(
        _ code: ArtifactError.Code,
        _ name: String,
        _ tar: @escaping @Sendable (_ outside: String, _ tar: inout TarBytes) -> Void
    ) -> Self { Self(name: name, refusal: .code(code), tar: tar) }

    static var all: [Self] { paths + long + links + hardLinks + kinds + names + collisions + headers + sizes }
}
