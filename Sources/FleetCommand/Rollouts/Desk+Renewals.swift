import Coordinator
import Model

extension Desk {
    /// Tells the operator when a certificate that this plan needs should be renewed soon.
    func remindOfRenewals(_ plan: Plan) {
        let hosts = plan.hosts.map(\.id)
        if let line = RenewalReminder(workspace, hosts: hosts, at: CoordinatorClock().wall).line { Console.note(line) }
    }
}
