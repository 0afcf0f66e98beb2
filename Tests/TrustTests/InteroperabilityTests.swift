import Foundation
import Model
import Testing

@testable import Trust

/// Signs and verifies against the Python projects that define the formats: securesystemslib and in-toto-attestation.
struct InteroperabilityTests {
    private static let root = Fixture.directory.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let environment = root.appendingPathComponent(".build/interoperability").path
    private static let packages = ["securesystemslib[crypto]==1.3.1", "in-toto-attestation==0.9.3"]

    /// The interpreter of a virtual environment with both packages, or nil when PyPI can't be reached.
    private static let python: String? = {
        let python = "\(environment)/bin/python"
        let question = ["-c", "import securesystemslib.dsse, cryptography, in_toto_attestation.v1.statement"]
        if let answer = try? Command.run(python, question), answer.status == 0 { return python }
        let made = try? Command.run("python3", ["-m", "venv", environment])
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        guard made?.status == 0, let result = try? Command.run(python, pip + packages), result.status == 0 else {
            print("skipped: the Python packages \(packages) can't be installed from PyPI")
            return nil
        }
        return python
    }()

    private static let isAvailable = python != nil

    private func run(_ script: String, _ arguments: String...) throws {
        let python = try #require(Self.python)
        let result = try Command.run(python, ["-c", script] + arguments)
        try #require(result.status == 0, "\(result.output)")
    }

    @Test("We accept a statement that the Python projects wrote and signed", .enabled(if: isAvailable))
    func theirsToUs() throws {
        let script = """
            import sys, json
            from securesystemslib.dsse import Envelope
            from securesystemslib.signer import CryptoSigner
            from in_toto_attestation.v1.statement import Statement
            from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
            from google.protobuf.json_format import MessageToJson
            from cryptography.hazmat.primitives import serialization as s
            directory, digest = sys.argv[1:]
            subject = ResourceDescriptor(name="web.tar", digest={"sha256": digest}).pb
            predicate = {"buildDefinition": {"buildType": "urn:test", "externalParameters": {"level": 1.5},
                         "resolvedDependencies": [{"uri": "git+https://h/r", "digest": {"gitCommit": "abc"}}]},
                         "runDetails": {"builder": {"id": "https://ci"}}}
            statement = Statement([subject], "https://slsa.dev/provenance/v1", predicate)
            statement.validate()
            body = MessageToJson(statement.pb).encode()
            for name, signer in (("ed25519", CryptoSigner.generate_ed25519()), ("p256", CryptoSigner.generate_ecdsa())):
                envelope = Envelope(body, "application/vnd.in-toto+json", {})
                envelope.sign(signer)
                open(f"{directory}/{name}.json", "w").write(json.dumps(envelope.to_dict()))
                open(f"{directory}/{name}.pem", "w").write(signer.public_key.keyval["public"])
            """
        let scratch = try Scratch()
        let artifact = SHA256.digest(of: Array("artifact".utf8))
        try run(script, scratch.path, artifact.hex)
        for name in ["ed25519", "p256"] {
            let key = try publicKey(try scratch.read("\(name).pem"))
            let entry = TrustedBuilder(builder: "https://ci", source: "git+https://h/r", key: key)
            let verified = try ProvenancePolicy(trust: BuilderTrust([entry])).verify(
                envelopes: [try scratch.read("\(name).json")],
                artifact: artifact
            )
            #expect(verified.provenance.source?.revision == "abc")
            #expect(verified.provenance.artifactName == "web.tar")
        }
    }

    /// securesystemslib gives Ed25519 keys as 32 bytes in hex, others as PEM.
    private func publicKey(_ text: [UInt8]) throws -> VerificationKey {
        guard text.count == 64 else { return try VerificationKey(pem: text) }
        let raw = try Digest(parsing: String(decoding: text, as: UTF8.self)).bytes
        return try VerificationKey(der: [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00] + raw)
    }

    @Test("We accept a test result that in-toto's own types wrote", .enabled(if: isAvailable))
    func testResult() throws {
        let script = """
            import sys, json
            from securesystemslib.dsse import Envelope
            from securesystemslib.signer import CryptoSigner
            from in_toto_attestation.v1.statement import Statement
            from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
            from in_toto_attestation.predicates.test_result.v0.test_result_pb2 import TestResult
            from google.protobuf.json_format import MessageToDict, MessageToJson
            directory, digest = sys.argv[1:]
            subject = ResourceDescriptor(name="web.tar", digest={"sha256": digest}).pb
            config = ResourceDescriptor(name="ci.yml", uri="https://ci/ci.yml").pb
            signer = CryptoSigner.generate_ecdsa()
            for name, result, failed in (("good", "PASSED", []), ("bad", "FAILED", ["login"])):
                predicate = TestResult(result=result, configuration=[config], url="https://ci/7", failed_tests=failed)
                type = "https://in-toto.io/attestation/test-result/v0.1"
                statement = Statement([subject], type, MessageToDict(predicate))
                statement.validate()
                envelope = Envelope(MessageToJson(statement.pb).encode(), "application/vnd.in-toto+json", {})
                envelope.sign(signer)
                open(f"{directory}/{name}.json", "w").write(json.dumps(envelope.to_dict()))
            open(f"{directory}/key.pem", "w").write(signer.public_key.keyval["public"])
            """
        let scratch = try Scratch()
        let artifact = SHA256.digest(of: Array("artifact".utf8))
        try run(script, scratch.path, artifact.hex)
        let key = try publicKey(try scratch.read("key.pem"))
        let entry = TrustedAttester(attester: "tests", kinds: [.testResult], key: key)
        let policy = AttestationPolicy(trust: AttesterTrust([entry]), demands: [AttestationDemand(.testResult)])
        let provenance = Provenance(artifactName: "web.tar", artifact: artifact, builder: "https://ci")
        let (good, bad) = (try scratch.read("good.json"), try scratch.read("bad.json"))
        let verified = try policy.verify(envelopes: [bad, good], with: provenance)
        #expect(verified.map(\.attestation) == [.testResult(TestResult(.passed, url: "https://ci/7"))])
        let error = #expect(throws: TrustError.self) { try policy.verify(envelopes: [bad], with: provenance) }
        #expect(error?.advice.contains("says FAILED") == true, "\(error?.advice ?? "")")
    }

    @Test("We accept provenance that a shell script made with the openssl command", arguments: KeyAlgorithm.allCases)
    func openssl(_ algorithm: KeyAlgorithm) throws {
        let (generate, sign) =
            switch algorithm {
            case .ed25519: ("-algorithm ed25519", "openssl pkeyutl -sign -rawin -inkey key.pem -in pae")
            case .p256: ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "openssl dgst -sha256 -sign key.pem pae")
            }
        let script = """
            cd "$1"
            openssl genpkey \(generate) -out key.pem
            openssl pkey -in key.pem -pubout -out key.pub.pem
            type=application/vnd.in-toto+json
            printf '{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"%s"}}],' "$2" >body
            printf '"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{},' >>body
            printf '"runDetails":{"builder":{"id":"https://ci"}}}}' >>body
            printf 'DSSEv1 %d %s %d ' ${#type} $type $(stat -c %s body) | cat - body >pae
            sig=$(\(sign) | base64 -w0 | tr +/ -_)
            printf '{"payloadType":"%s","payload":"%s","signatures":[{"sig":"%s"}]}' \
                $type "$(base64 -w0 body)" "$sig" >envelope.json
            """
        let scratch = try Scratch()
        let artifact = SHA256.digest(of: Array("artifact".utf8))
        let result = try Command.run("bash", ["-euo", "pipefail", "-c", script, "sh", scratch.path, artifact.hex])
        try #require(result.status == 0, "\(result.output)")
        let entry = TrustedBuilder(builder: "https://ci", key: try VerificationKey(file: scratch.file("key.pub.pem")))
        let policy = ProvenancePolicy(trust: BuilderTrust([entry]))
        let envelope = try scratch.read("envelope.json")
        #expect(try policy.verify(envelopes: [envelope], artifact: artifact).builder == "https://ci")
        let other = SHA256.digest(of: [])
        #expect(throws: TrustError.self) { try policy.verify(envelopes: [envelope], artifact: other) }
    }

    @Test(
        "The Python projects accept what we write and sign",
        .enabled(if: isAvailable),
        arguments: KeyAlgorithm.allCases
    )
    func oursToThem(_ algorithm: KeyAlgorithm) throws {
        let script = """
            import sys, json
            from securesystemslib.dsse import Envelope
            from securesystemslib.signer import SSlibKey
            from in_toto_attestation.v1.statement import Statement
            from google.protobuf.json_format import Parse
            from cryptography.hazmat.primitives.serialization import load_pem_public_key
            import in_toto_attestation.v1.statement_pb2 as pb
            directory, digest = sys.argv[1:]
            envelope = Envelope.from_dict(json.load(open(f"{directory}/envelope.json")))
            pem = open(f"{directory}/pub.pem", "rb").read()
            key = SSlibKey.from_crypto(load_pem_public_key(pem), keyid=list(envelope.signatures)[0])
            assert len(envelope.verify([key], 1)) == 1
            statement = Statement.copy_from_pb(Parse(envelope.payload, pb.Statement()))
            statement.validate()
            assert statement.pb.subject[0].digest["sha256"] == digest
            assert statement.pb.predicate["runDetails"]["builder"]["id"] == "https://ci"
            """
        let scratch = try Scratch()
        let key = try SigningKey.generate(algorithm)
        let artifact = SHA256.digest(of: Array("artifact".utf8))
        let source = SourceRevision(repository: "git+https://h/r", revision: "abc")
        let provenance = Provenance(artifactName: "web.tar", artifact: artifact, builder: "https://ci", source: source)
        try scratch.write("envelope.json", try provenance.signed(with: key).json())
        try key.publicKey.write(to: scratch.file("pub.pem"))
        try run(script, scratch.path, artifact.hex)
    }
}
