import Model
import Testing

@testable import Configuration

struct CredentialNameTests {
    @Test(
        "A version is a number behind the name",
        arguments: ["api-key", "api-key@1", "a.b_c@30", "tls.key@18446744073709551615"]
    )
    func accepted(_ name: String) throws { #expect(try CredentialName.validate(name) == name) }

    @Test(
        "What is no plain file name, or no number, is refused",
        arguments: [
            "", ".hidden", "a/b", "a:b", "a b", "@3", "a@", "a@0", "a@01", "a@+1", "a@-1", "a@1@2", "a@x", "a@3.1",
            "a@18446744073709551616",
        ]
    )
    func refused(_ name: String) { #expect(throws: ModelError.self) { try CredentialName.validate(name) } }
}
