import Foundation
import Model
import SwiftProtobuf
import Testing

@testable import Protocol

struct StrictFieldTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let field: String
        let code: ProtocolError.Code
        let spoil: @Sendable (inout WireEnvelope) -> Void
        var testDescription: String { "\(code) of \(field)" }
    }

    private static func command(_ request: HostRequest) -> WireEnvelope {
        var arbitrary = Arbitrary(seed: 1)
        let command = HostCommand(
            id: arbitrary.requestID(),
            service: arbitrary.name(),
            environment: arbitrary.name(),
            request: request
        )
        return Envelope.request(.success(.command(command))).wire
    }

    @Test(
        "A command whose field is missing or wrong is refused by that field's name",
        arguments: [
            Row(field: "request.command.id", code: .fieldMissing) { $0.request.command.clearID() },
            Row(field: "request.command.id.epoch", code: .fieldMissing) { $0.request.command.id.clearEpoch() },
            Row(field: "request.command.id.sequence", code: .fieldInvalid) { $0.request.command.id.sequence = -1 },
            Row(field: "request.command.id.rollout.number", code: .fieldMissing) {
                $0.request.command.id.rollout.number = 0
            },
            Row(field: "request.command.id.rollout.ledger", code: .fieldInvalid) {
                $0.request.command.id.rollout.ledger = "no uuid"
            },
            Row(field: "request.command.service", code: .fieldInvalid) { $0.request.command.service = "../etc" },
            Row(field: "request.command.environment", code: .fieldMissing) { $0.request.command.environment = "" },
            Row(field: "request.command.request", code: .fieldMissing) { $0.request.command.clearRequest() },
            Row(field: "request.command.request.kind", code: .fieldMissing) { $0.request.command.request.kind = nil },
            Row(field: "request.command.request.activate.purpose", code: .fieldMissing) {
                $0.request.command.request.activate.purpose = .unspecified
            },
            Row(field: "request.command.request.activate.purpose", code: .fieldInvalid) {
                $0.request.command.request.activate.purpose = .UNRECOGNIZED(99)
            },
            Row(field: "request.command.request.activate.commit_within_ms", code: .fieldMissing) {
                $0.request.command.request.activate.clearCommitWithinMs()
            },
            Row(field: "request.command.request.activate.activate_within_ms", code: .fieldInvalid) {
                $0.request.command.request.activate.activateWithinMs = .max
            },
            Row(field: "request.command.request.activate_diverted.traffic", code: .fieldMissing) {
                $0.request.command.request.activateDiverted = $0.request.command.request.activate
            },
            Row(field: "request.command.request.activate.traffic.load_balancers", code: .fieldMissing) {
                $0.request.command.request.activate.traffic = WireTraffic()
            },
            Row(field: "request.command.request.activate.traffic.load_balancers[0].backend", code: .fieldInvalid) {
                $0.request.command.request.activate.traffic.loadBalancers = [
                    .with {
                        $0.address = "/run/haproxy.sock"
                        $0.backend = "web state ready;shutdown"
                        $0.server = "h"
                    }
                ]
            },
            Row(field: "request.command.request.activate.release.digest", code: .fieldInvalid) {
                $0.request.command.request.activate.release.digest = Data([1, 2, 3])
            },
        ]
    )
    func command(_ row: Row) throws {
        var arbitrary = Arbitrary(seed: 2)
        let order = ActivateOrder(
            release: arbitrary.release(),
            purpose: .deploy,
            activateWithin: .seconds(60),
            commitWithin: .seconds(60)
        )
        var wire = Self.command(.activate(order))
        row.spoil(&wire)
        guard case .request(.failure(let error)) = try Envelope(wire: wire) else {
            Issue.record("the request was accepted")
            return
        }
        #expect(error.subject == row.field)
        #expect(error.code == row.code)
    }

    @Test(
        "A report whose field is missing or wrong is refused by that field's name",
        arguments: [
            Row(field: "event.report.report", code: .fieldMissing) { $0.event.report.clearReport() },
            Row(field: "event.report.report.boot_id", code: .fieldMissing) { $0.event.report.report.bootID = "" },
            Row(field: "event.report.report.free_disk", code: .fieldInvalid) { $0.event.report.report.freeDisk = -5 },
            Row(field: "event.report.report.services[1].health", code: .fieldMissing) {
                $0.event.report.report.services[1].clearHealth()
            },
            Row(field: "event.report.report.services[0].operation.phase", code: .fieldInvalid) {
                $0.event.report.report.services[0].operation.phase = .UNRECOGNIZED(77)
            },
            Row(field: "event.report.report.services[0].operation.origin.kind", code: .fieldMissing) {
                $0.event.report.report.services[0].operation.origin.kind = nil
            },
        ]
    )
    func report(_ row: Row) throws {
        var arbitrary = Arbitrary(seed: 3)
        var report = arbitrary.report()
        report.services = [arbitrary.serviceReport(), arbitrary.serviceReport()]
        report.services[0].operation = arbitrary.operation()
        var wire = Envelope.event(.success(.report(NumberedReport(sequence: 1, report: report)))).wire
        row.spoil(&wire)
        guard case .event(.failure(let error)) = try Envelope(wire: wire) else {
            Issue.record("the report was accepted")
            return
        }
        #expect(error.subject == row.field)
        #expect(error.code == row.code)
    }

    @Test(
        "Figures whose field is wrong are refused by that field's name, and what is absent is not known",
        arguments: [
            Row(field: "response.figures.unit", code: .fieldMissing) { $0.response.figures.unit = "" },
            Row(field: "response.figures.unit", code: .fieldInvalid) { $0.response.figures.unit = "../web.service" },
            Row(field: "response.figures.memory", code: .fieldInvalid) { $0.response.figures.memory = -1 },
            Row(field: "response.figures.running_ms", code: .fieldInvalid) { $0.response.figures.runningMs = .max },
            Row(field: "response.figures.cpu_ms", code: .fieldInvalid) { $0.response.figures.cpuMs = -1 },
            Row(field: "response.figures.error_lines", code: .fieldInvalid) { $0.response.figures.errorLines = -1 },
        ]
    )
    func figures(_ row: Row) throws {
        var wire = Envelope.response(
            .success(.figures(UnitFigures(unit: try UnitName(parsing: "web.service"), invocation: "")))
        )
        .wire
        guard case .response(.success(.figures(let figures))) = try Envelope(wire: wire) else {
            Issue.record("figures without a number were refused")
            return
        }
        #expect(figures.memory == nil && figures.load == nil && figures.errorLines == nil)
        row.spoil(&wire)
        guard case .response(.failure(let error)) = try Envelope(wire: wire) else {
            Issue.record("the figures were accepted")
            return
        }
        #expect(error.message.contains(row.field), "\(error)")
        #expect(error.message.contains(row.code.rawValue), "\(error)")
    }
}
