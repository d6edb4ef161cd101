import type { Names } from "../../names.ts";
import type { Option } from "../../options.ts";

/** The dashboard in CloudWatch. The one in Sumo Logic needs nothing in AWS. */
export function dashboardOption({ dashboard }: Names): Option {
  return {
    name: "dashboard",
    read: [{ sid: "ReadDashboard", actions: ["cloudwatch:GetDashboard"], resources: [dashboard] }],
    write: [
      {
        sid: "ChangeDashboard",
        actions: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
        resources: [dashboard],
      },
    ],
  };
}
